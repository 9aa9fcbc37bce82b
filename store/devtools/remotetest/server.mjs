// Runs the server of @redux-devtools/cli on the port given, and says "listening" when it does. Its archive of reports, which
// nothing here uses, has no database: so that no SQLite has to be compiled.
import http from "node:http";
import knex from "knex";
import serve from "@redux-devtools/cli";

class NoDatabase extends knex.Client {}

const port = Number(process.argv[2]);
const { portAlreadyUsed } = await serve({ port, dbOptions: { client: NoDatabase }, logLevel: 1 });
if (portAlreadyUsed) throw new Error(`port ${port} is in use`);
const ask = () => http.get({ port, path: "/port.js" }, () => console.log("listening")).on("error", () => setTimeout(ask, 20));
ask();
process.stdin.on("end", () => process.exit()).resume(); // ends with the test
