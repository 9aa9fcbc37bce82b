// Runs the monitor of the Redux DevTools without its screen: the real middleware, reducers and action creators, in a Redux
// store. What it shows is printed as one line of JSON after each change; lines of the input, ["creator", …arguments], are
// what somebody does in it.
import { register } from "node:module";
import readline from "node:readline";
import { applyMiddleware, combineReducers, createStore } from "redux";

register("./headless.mjs", import.meta.url);
const core = await import("./core.mjs");
const lib = "./node_modules/@redux-devtools/app/lib/";
const { api } = await import(lib + "middlewares/api.js");
const { connection } = await import(lib + "reducers/connection.js");
const { socket } = await import(lib + "reducers/socket.js");
const { RECONNECT } = await import(lib + "constants/socketActionTypes.js");

const { instances, notification } = core;
const store = createStore(combineReducers({ instances, notification, connection, socket }), applyMiddleware(api));

let printed;
store.subscribe(() => {
	const { instances, notification, socket } = store.getState();
	const id = core.getActiveInstance(instances);
	const line = JSON.stringify({
		subscribed: socket.channels.includes("log"),
		name: instances.options[id].name,
		lifted: instances.states[id],
		notification: notification?.message,
	});
	if (line !== printed) console.log(line);
	printed = line;
});
const options = { type: "custom", hostname: "localhost", port: Number(process.argv[2]), secure: false };
store.dispatch({ type: RECONNECT, options });

readline.createInterface({ input: process.stdin })
	.on("line", (line) => {
		const [creator, ...args] = JSON.parse(line);
		store.dispatch(core[creator](...args));
	})
	.on("close", () => process.exit()); // ends with the test
