// zustand without React (zustand/vanilla): one store of many slices, actions as functions beside the store, as its guides
// show. It has no reducers, selectors that remember, thunks, batches, listeners and adapters of its own; where a few lines
// of plain JavaScript do the work, those are measured.

import { createStore } from 'zustand/vanilla'
import { bench, initialState, makeRows, range, sink } from './harness.js'

const openSlices = (slices) => createStore(() => Object.fromEntries(range(slices).map((i) => [`slice${i}`, initialState])))

function dispatch(slices, subs) {
  const store = openSlices(slices)
  const add = (by) => store.setState(({ slice0 }) => ({ slice0: { ...slice0, n: slice0.n + by } }))
  let calls = 0
  for (let i = 0; i < subs; i++) store.subscribe(() => { calls++ })
  return {
    run(times) {
      for (let i = 0; i < times; i++) add(1)
    },
    check(times) {
      if (calls !== times * subs) throw new Error(`${calls} calls of subscribers in ${times} changes`)
    },
  }
}

function dispatchInTurns(slices) {
  const store = openSlices(slices)
  const adds = range(slices).map((i) => {
    const name = `slice${i}`
    return (by) => store.setState(({ [name]: slice }) => ({ [name]: { ...slice, n: slice.n + by } }))
  })
  let calls = 0
  store.subscribe(() => { calls++ })
  return {
    run(times) {
      for (let i = 0; i < times; i++) adds[i % slices](1)
    },
    check(times) {
      if (calls !== times) throw new Error(`${calls} calls of the subscriber in ${times} changes`)
    },
  }
}

// The rows are a Map, as in the guide on maps; a change makes a new one.
function upsertMany(n, kind) {
  const base = { rows: new Map(kind === 'insert' ? [] : makeRows(n).map((row) => [row.id, row])) }
  const store = createStore(() => base)
  const fresh = makeRows(n, 1)
  const upsert = (many) =>
    store.setState(({ rows }) => {
      const next = new Map(rows)
      for (const row of many) next.set(row.id, { ...next.get(row.id), ...row })
      return { rows: next }
    })
  return {
    run(times) {
      for (let i = 0; i < times; i++) {
        store.setState(base, true)
        upsert(fresh)
      }
    },
    check() {
      const { rows } = store.getState()
      if (rows.size !== n || rows.get(fresh[n - 1].id).version !== 1) throw new Error('not upserted')
    },
  }
}

// One more row into n, always into the same n: the store is set back before each.
function addOne(n) {
  const base = { rows: new Map(makeRows(n).map((row) => [row.id, row])) }
  const store = createStore(() => base)
  const fresh = makeRows(1000, 0, 'q')
  const add = (row) => store.setState(({ rows }) => ({ rows: new Map(rows).set(row.id, row) }))
  return {
    run(times) {
      for (let i = 0; i < times; i++) {
        store.setState(base, true)
        add(fresh[i % fresh.length])
      }
    },
    check() {
      if (store.getState().rows.size !== n + 1 || base.rows.size !== n) throw new Error('not added')
    },
  }
}

// As JSON the rows are a list.
const toJSON = ({ rows }) => JSON.stringify({ rows: [...rows.values()] })
const fromJSON = (text) => ({ rows: new Map(JSON.parse(text).rows.map((row) => [row.id, row])) })

function encode(n) {
  const store = createStore(() => ({ rows: new Map(makeRows(n).map((row) => [row.id, row])) }))
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink(toJSON(store.getState()).length)
    },
  }
}

function decode(n) {
  const saved = JSON.stringify({ rows: makeRows(n) })
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink(createStore(() => fromJSON(saved)).getState().rows.size)
    },
  }
}

function thunk() {
  const store = createStore(() => ({ loading: false, n: 0 }))
  const work = async (arg) => arg + 1
  async function load(arg) {
    store.setState({ loading: true })
    store.setState({ loading: false, n: await work(arg) })
  }
  return {
    async run(times) {
      for (let i = 0; i < times; i++) await load(i)
    },
    check() {
      const { loading, n } = store.getState()
      if (loading || n === 0) throw new Error(`loading ${loading}, n ${n}`)
    },
  }
}

await bench({
  'Dispatch/slices=1/subs=1/same': () => dispatch(1, 1),
  'Dispatch/slices=10/subs=1/same': () => dispatch(10, 1),
  'Dispatch/slices=50/subs=1/same': () => dispatch(50, 1),
  'Dispatch/slices=50/subs=10000/same': () => dispatch(50, 10_000),
  'Dispatch/slices=50/subs=10000/other': () => dispatch(50, 10_000),
  'DispatchInTurns/slices=50': () => dispatchInTurns(50),
  'Entity/add/n=100000/unsorted': () => addOne(100_000),
  'Entity/upsert/n=10000/insert': () => upsertMany(10_000, 'insert'),
  'Entity/upsert/n=10000/update': () => upsertMany(10_000, 'update'),
  'Encode/n=10000': () => encode(10_000),
  'Decode/n=10000': () => decode(10_000),
  'Thunk/run': thunk,
})
