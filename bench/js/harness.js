// What the JavaScript sides share: the command line, the measuring and the data.

// bench runs the one case that the command line names, so that no case warms up the compiler or litters the heap for
// another, and prints a line in the format of Go's benchmarks:
//
//   node redux-toolkit.mjs Dispatch/slices=50/subs=1/same 300
//
// The number is how many milliseconds a sample takes. Without arguments it prints the names of the cases. A case is a
// function that prepares it and returns run(times) and, where there is something to check, check(times run in all).
export async function bench(cases) {
  const [name, milliseconds = '300'] = process.argv.slice(2)
  if (name === undefined) {
    console.log(Object.keys(cases).join('\n'))
    return
  }
  if (!Object.hasOwn(cases, name)) throw new Error(`no benchmark is named ${name}`)
  const { times, each } = await measure(await cases[name](), Number(milliseconds) * 1e6)
  console.log(`Benchmark${name}\t${times}\t${each.toFixed(2)} ns/op`)
  process.exit(sunk === 0.5 ? 1 : 0)
}

// measure runs a case in samples of growing length until one is long enough. That one is thrown away too: it has shown the
// compiler what runs often. The next one counts.
async function measure({ run, check = () => {} }, nanoseconds) {
  let total = 0
  const sample = async (times) => {
    const start = process.hrtime.bigint()
    await run(times)
    total += times
    return Number(process.hrtime.bigint() - start)
  }
  const enough = (each) => Math.ceil((1.2 * nanoseconds) / Math.max(each, 0.1)) // a little longer than asked for
  let times = 1
  let took = await sample(times)
  while (took < nanoseconds) {
    times = Math.min(Math.max(enough(took / times), times + 1), times * 100)
    took = await sample(times)
  }
  times = enough(took / times)
  took = await sample(times)
  check(total)
  return { times, each: took / times }
}

let sunk = 0

// sink uses a result, so that the compiler cannot leave out what computes it.
export function sink(x) {
  sunk += x
}

// The state of each slice: as many fields as a form has, of which one changes.
export const initialState = { name: 'Ada', mail: 'ada@example.org', phone: '1', n: 0 }

export const range = (n) => Array.from({ length: n }, (_, i) => i)

// makeRows returns n rows. Their ids come in order, their ranks do not: the n ranks are those from 0 to n-1, shuffled by
// steps of a prime number.
export function makeRows(n, version = 0, prefix = 'p') {
  return range(n).map((i) => ({
    id: prefix + String(i).padStart(6, '0'),
    name: `Ada Lovelace ${i}`,
    mail: `ada.${i}@example.org`,
    rank: (i * 7919) % n,
    version,
  }))
}
