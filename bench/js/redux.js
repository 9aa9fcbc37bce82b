// redux alone: reducers written by hand, combineReducers, no middleware. It has no selectors, thunks, batches, listeners
// and adapters of its own; where a few lines of plain JavaScript do the work, those are measured.

import { combineReducers, legacy_createStore as createStore } from 'redux'
import { bench, initialState, makeRows, range, sink } from './harness.js'

function newPart(name) {
  const type = `${name}/add`
  return {
    name,
    add: (payload) => ({ type, payload }),
    reducer(state = initialState, action) {
      switch (action.type) {
        case type:
          return { ...state, n: state.n + action.payload }
        default:
          return state
      }
    },
  }
}

function open(slices) {
  const parts = range(slices).map((i) => newPart(`slice${i}`))
  return { store: createStore(combineReducers(Object.fromEntries(parts.map((p) => [p.name, p.reducer])))), parts }
}

function dispatch(slices, subs) {
  const { store, parts } = open(slices)
  let calls = 0
  for (let i = 0; i < subs; i++) store.subscribe(() => { calls++ })
  return {
    run(times) {
      for (let i = 0; i < times; i++) store.dispatch(parts[0].add(1))
    },
    check(times) {
      if (calls !== times * subs) throw new Error(`${calls} calls of subscribers in ${times} dispatches`)
    },
  }
}

function dispatchInTurns(slices) {
  const { store, parts } = open(slices)
  let calls = 0
  store.subscribe(() => { calls++ })
  return {
    run(times) {
      for (let i = 0; i < times; i++) store.dispatch(parts[i % slices].add(1))
    },
    check(times) {
      if (calls !== times) throw new Error(`${calls} calls of the subscriber in ${times} dispatches`)
    },
  }
}

const noRows = { ids: [], entities: {} }

function rows(state = noRows, action) {
  switch (action.type) {
    case 'rows/added': {
      const row = action.payload
      return { ids: [...state.ids, row.id], entities: { ...state.entities, [row.id]: row } }
    }
    case 'rows/addedInOrder': {
      const row = action.payload
      let from = 0
      for (let to = state.ids.length; from < to; ) {
        const middle = (from + to) >>> 1
        if (state.entities[state.ids[middle]].rank <= row.rank) from = middle + 1
        else to = middle
      }
      return { ids: state.ids.toSpliced(from, 0, row.id), entities: { ...state.entities, [row.id]: row } }
    }
    case 'rows/upserted': {
      const ids = [...state.ids]
      const entities = { ...state.entities }
      for (const row of action.payload) {
        const old = entities[row.id]
        if (old === undefined) ids.push(row.id)
        entities[row.id] = { ...old, ...row }
      }
      return { ids, entities }
    }
    default:
      return state
  }
}

function stateOf(rows) {
  return { ids: rows.map((row) => row.id), entities: Object.fromEntries(rows.map((row) => [row.id, row])) }
}

// One more row into n, always into the same n: the reducer is a function from state to state. No store is involved.
function addOne(n, order) {
  const sorted = order === 'sorted'
  const base = stateOf(sorted ? makeRows(n).sort((a, b) => a.rank - b.rank) : makeRows(n))
  const type = sorted ? 'rows/addedInOrder' : 'rows/added'
  const fresh = makeRows(1000, 0, 'q').map((row) => ({ ...row, rank: row.rank * (n / 1000) }))
  let last = base
  return {
    run(times) {
      for (let i = 0; i < times; i++) last = rows(base, { type, payload: fresh[i % fresh.length] })
    },
    check() {
      if (last.ids.length !== n + 1 || base.ids.length !== n) throw new Error(`${last.ids.length} rows`)
    },
  }
}

function upsertMany(n, kind) {
  const base = kind === 'insert' ? noRows : stateOf(makeRows(n))
  const payload = makeRows(n, 1)
  let last = base
  return {
    run(times) {
      for (let i = 0; i < times; i++) last = rows(base, { type: 'rows/upserted', payload })
    },
    check() {
      if (last.ids.length !== n || last.entities[payload[n - 1].id].version !== 1) throw new Error('not upserted')
    },
  }
}

const openRows = (preloaded) => createStore(combineReducers({ rows }), preloaded)

function encode(n) {
  const store = openRows({ rows: stateOf(makeRows(n)) })
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink(JSON.stringify(store.getState()).length)
    },
  }
}

function decode(n) {
  const saved = JSON.stringify({ rows: stateOf(makeRows(n)) })
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink(openRows(JSON.parse(saved)).getState().rows.ids.length)
    },
  }
}

// What a thunk comes to without a library: two actions around a call that is awaited.
function thunk() {
  function job(state = { loading: false, n: 0 }, action) {
    switch (action.type) {
      case 'job/pending':
        return { ...state, loading: true }
      case 'job/fulfilled':
        return { ...state, loading: false, n: action.payload }
      default:
        return state
    }
  }
  const store = createStore(combineReducers({ job }))
  const work = async (arg) => arg + 1
  async function load(arg) {
    store.dispatch({ type: 'job/pending' })
    store.dispatch({ type: 'job/fulfilled', payload: await work(arg) })
  }
  return {
    async run(times) {
      for (let i = 0; i < times; i++) await load(i)
    },
    check() {
      const { loading, n } = store.getState().job
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
  'Entity/add/n=100000/unsorted': () => addOne(100_000, 'unsorted'),
  'Entity/add/n=100000/sorted': () => addOne(100_000, 'sorted'),
  'Entity/upsert/n=10000/insert': () => upsertMany(10_000, 'insert'),
  'Entity/upsert/n=10000/update': () => upsertMany(10_000, 'update'),
  'Encode/n=10000': () => encode(10_000),
  'Decode/n=10000': () => decode(10_000),
  'Thunk/run': thunk,
})
