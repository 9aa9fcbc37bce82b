// Redux Toolkit as its manual teaches it: createSlice, configureStore with its default middleware and enhancers,
// createSelector, createAsyncThunk, createEntityAdapter. Built for production, so that its development checks are gone.

import {
  autoBatchEnhancer,
  configureStore,
  createAsyncThunk,
  createEntityAdapter,
  createListenerMiddleware,
  createSelector,
  createSlice,
  prepareAutoBatched,
} from '@reduxjs/toolkit'
import { bench, initialState, makeRows, range, sink } from './harness.js'
import { invalidate } from './redux-toolkit-query.js'

function newPart(name) {
  const slice = createSlice({
    name,
    initialState,
    reducers: {
      add(state, action) {
        state.n += action.payload
      },
      addQuietly: {
        reducer(state, action) {
          state.n += action.payload
        },
        prepare: prepareAutoBatched(),
      },
    },
  })
  return { slice, add: slice.actions.add, addQuietly: slice.actions.addQuietly, n: (state) => state[name].n }
}

function open(slices, options = {}) {
  const parts = range(slices).map((i) => newPart(`slice${i}`))
  const reducer = Object.fromEntries(parts.map((p) => [p.slice.name, p.slice.reducer]))
  return { store: configureStore({ reducer, ...options }), parts }
}

// Redux calls every subscriber after every action: it does not know what they read. Ours are empty functions, the least
// they can be; a real one would select a value and compare it.
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

// One notification for a batch: actions marked for auto-batching. The default queue waits for an animation frame, which
// node does not have; it would fall back to a timer of 10 ms. 'tick' is the fastest queue that there is.
function batch(actions) {
  const { store, parts } = open(1, {
    enhancers: (getDefault) => getDefault({ autoBatch: false }).concat(autoBatchEnhancer({ type: 'tick' })),
  })
  let calls = 0
  store.subscribe(() => { calls++ })
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        for (let j = 0; j < actions; j++) store.dispatch(parts[0].addQuietly(1))
        await null // the notification was queued first
      }
    },
    check(times) {
      if (calls !== times) throw new Error(`${calls} notifications of ${times} batches`)
    },
  }
}

// The same state object again: the fastest path of createSelector.
function selectorHit() {
  const { store, parts } = open(2)
  const sum = createSelector([parts[0].n, parts[1].n], (x, y) => x + y)
  const state = store.getState()
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink(sum(state))
    },
  }
}

// One dispatch, then each of 100 selectors once: as where 100 components look at a new state. The slice that changes is
// one of their inputs (index 0) or none (index 2).
function selectorsAfter(changed) {
  const { store, parts } = open(3)
  const sums = range(100).map(() => createSelector([parts[0].n, parts[1].n], (x, y) => x + y))
  return {
    run(times) {
      for (let i = 0; i < times; i++) {
        store.dispatch(parts[changed].add(1))
        const state = store.getState()
        for (const sum of sums) sink(sum(state))
      }
    },
  }
}

function selectorByArgument(args) {
  const { store, parts } = open(1)
  const plus = createSelector([parts[0].n, (_, arg) => arg], (n, arg) => n + arg)
  const state = store.getState()
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink(plus(state, i % args))
    },
  }
}

const adapters = {
  unsorted: createEntityAdapter(),
  sorted: createEntityAdapter({ sortComparer: (a, b) => a.rank - b.rank }),
}

// One more row into n, always into the same n: the reducer is a function from state to state. No store is involved.
function addOne(n, order) {
  const adapter = adapters[order]
  const base = adapter.setAll(adapter.getInitialState(), makeRows(n))
  const fresh = makeRows(1000, 0, 'q').map((row) => ({ ...row, rank: row.rank * (n / 1000) }))
  let last = base
  return {
    run(times) {
      for (let i = 0; i < times; i++) last = adapter.addOne(base, fresh[i % fresh.length])
    },
    check() {
      if (last.ids.length !== n + 1 || base.ids.length !== n) throw new Error(`${last.ids.length} rows`)
    },
  }
}

function upsertMany(n, kind) {
  const adapter = adapters.unsorted
  const empty = adapter.getInitialState()
  const base = kind === 'insert' ? empty : adapter.setAll(empty, makeRows(n))
  const rows = makeRows(n, 1)
  let last = base
  return {
    run(times) {
      for (let i = 0; i < times; i++) last = adapter.upsertMany(base, rows)
    },
    check() {
      if (last.ids.length !== n || last.entities[rows[n - 1].id].version !== 1) throw new Error('not upserted')
    },
  }
}

const rowsSlice = createSlice({
  name: 'rows',
  initialState: adapters.unsorted.getInitialState(),
  reducers: { setAll: adapters.unsorted.setAll },
})

function openRows(preloadedState) {
  return configureStore({ reducer: { rows: rowsSlice.reducer }, preloadedState })
}

function encode(n) {
  const store = openRows()
  store.dispatch(rowsSlice.actions.setAll(makeRows(n)))
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink(JSON.stringify(store.getState()).length)
    },
  }
}

function decode(n) {
  const store = openRows()
  store.dispatch(rowsSlice.actions.setAll(makeRows(n)))
  const saved = JSON.stringify(store.getState())
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink(openRows(JSON.parse(saved)).getState().rows.ids.length)
    },
  }
}

function thunk() {
  const load = createAsyncThunk('job/load', async (arg) => arg + 1)
  const slice = createSlice({
    name: 'job',
    initialState: { loading: false, n: 0 },
    reducers: {},
    extraReducers(builder) {
      builder
        .addCase(load.pending, (state) => {
          state.loading = true
        })
        .addCase(load.fulfilled, (state, action) => {
          state.loading = false
          state.n = action.payload
        })
    },
  })
  const store = configureStore({ reducer: { job: slice.reducer } })
  return {
    async run(times) {
      for (let i = 0; i < times; i++) await store.dispatch(load(i))
    },
    check() {
      const { loading, n } = store.getState().job
      if (loading || n === 0) throw new Error(`loading ${loading}, n ${n}`)
    },
  }
}

// An effect is asynchronous, so the loop pauses now and then to let effects end, as a program would.
function listener() {
  const listeners = createListenerMiddleware()
  const { store, parts } = open(1, { middleware: (getDefault) => getDefault().prepend(listeners.middleware) })
  let calls = 0
  listeners.startListening({ actionCreator: parts[0].add, effect: () => { calls++ } })
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        store.dispatch(parts[0].add(1))
        if (i % 100 === 99) await new Promise(setImmediate)
      }
    },
    check(times) {
      if (calls !== times) throw new Error(`${calls} effects of ${times} actions`)
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
  'Batch/actions=100': () => batch(100),
  'Selector/hit': selectorHit,
  'Selector/unrelated=100': () => selectorsAfter(2),
  'Selector/miss=100': () => selectorsAfter(0),
  'Selector/args=1000': () => selectorByArgument(1000),
  'Entity/add/n=100000/unsorted': () => addOne(100_000, 'unsorted'),
  'Entity/add/n=100000/sorted': () => addOne(100_000, 'sorted'),
  'Entity/upsert/n=10000/insert': () => upsertMany(10_000, 'insert'),
  'Entity/upsert/n=10000/update': () => upsertMany(10_000, 'update'),
  'Encode/n=10000': () => encode(10_000),
  'Decode/n=10000': () => decode(10_000),
  'Thunk/run': thunk,
  'Listener/creator': listener,
  'Invalidate/entries=100': () => invalidate(100),
  'Invalidate/entries=10000': () => invalidate(10_000),
})
