// Redux Toolkit's half of the benchmarks. One case for each run of the program, so that none warms up or litters the
// heap for another:
//
//   node bench.mjs Dispatch/slices=50/subs=1/same
//
// It prints a line in the format of Go's benchmarks.

import { configureStore, createSelector, createSlice } from '@reduxjs/toolkit'
import { createApi, fakeBaseQuery } from '@reduxjs/toolkit/query'

const initialState = { name: 'Ada', mail: 'ada@example.org', phone: '1', n: 0 }

function newPart(name) {
  const slice = createSlice({
    name,
    initialState,
    reducers: {
      add(state, action) {
        state.n += action.payload
      },
    },
  })
  return { slice, add: slice.actions.add, n: (state) => state[name].n }
}

function open(slices) {
  const parts = Array.from({ length: slices }, (_, i) => newPart(`slice${i}`))
  const reducer = Object.fromEntries(parts.map((p) => [p.slice.name, p.slice.reducer]))
  return { store: configureStore({ reducer }), parts }
}

let sink = 0

function dispatch(slices, subs, where) {
  const { store, parts } = open(slices)
  let calls = 0
  for (let i = 0; i < subs; i++) {
    const watched = where === 'other' ? parts[1 + (i % (parts.length - 1))] : parts[0]
    let last = watched.n(store.getState())
    store.subscribe(() => {
      const next = watched.n(store.getState())
      if (next !== last) {
        last = next
        calls++
      }
    })
  }
  return {
    run(times) {
      for (let i = 0; i < times; i++) store.dispatch(parts[0].add(1))
    },
    check(times) {
      if (where === 'same' && calls < times * subs) throw new Error(`${calls} calls of subscribers in ${times} dispatches`)
    },
  }
}

function selectorHit() {
  const { store, parts } = open(2)
  const sum = createSelector([parts[0].n, parts[1].n], (x, y) => x + y)
  const state = store.getState()
  return {
    run(times) {
      for (let i = 0; i < times; i++) sink += sum(state)
    },
    check() {},
  }
}

async function invalidate(entries) {
  let version = 0
  const api = createApi({
    reducerPath: 'rows',
    baseQuery: fakeBaseQuery(),
    tagTypes: ['Row'],
    endpoints: (build) => ({
      get: build.query({
        queryFn: (id) => ({ data: { id, version } }),
        providesTags: (_result, _error, id) => [{ type: 'Row', id }],
      }),
    }),
  })
  const store = configureStore({
    reducer: { rows: api.reducer },
    middleware: (getDefault) => getDefault().concat(api.middleware),
  })
  // Entries come in bulk: adding them one by one takes quadratic time.
  const ids = Array.from({ length: entries }, (_, i) => String(i))
  store.dispatch(
    api.util.upsertQueryEntries(ids.map((id) => ({ endpointName: 'get', arg: id, value: { id, version } }))),
  )
  for (const id of ids) store.dispatch(api.endpoints.get.initiate(id))
  await Promise.all(store.dispatch(api.util.getRunningQueriesThunk()))

  const watched = String(entries / 2)
  const select = api.endpoints.get.select(watched)
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        version++
        store.dispatch(api.util.invalidateTags([{ type: 'Row', id: watched }]))
        await Promise.all(store.dispatch(api.util.getRunningQueriesThunk()))
      }
    },
    check() {
      const got = select(store.getState()).data.version
      if (got !== version) throw new Error(`the entry has version ${got}, want ${version}`)
    },
  }
}

function prepare(name) {
  const [group, ...params] = name.split('/')
  const value = (i) => Number(params[i].split('=')[1])
  switch (group) {
    case 'Dispatch':
      return dispatch(value(0), value(1), params[2])
    case 'Selector':
      return selectorHit()
    case 'Invalidate':
      return invalidate(value(0))
  }
  throw new Error(`no benchmark is named ${name}`)
}

// measure runs more and more until a sample takes long enough, and throws the shorter ones away: they warm up the compiler.
async function measure(bench, minimum) {
  for (let total = 0, times = 1; ; ) {
    const start = process.hrtime.bigint()
    await bench.run(times)
    const took = Number(process.hrtime.bigint() - start)
    total += times
    if (took >= minimum || times >= 1e9) {
      bench.check(total)
      return { times, each: took / times }
    }
    const guess = Math.ceil((minimum * 1.2 * times) / Math.max(took, 1))
    times = Math.min(Math.max(guess, times + 1), times * 100)
  }
}

const name = process.argv[2]
const { times, each } = await measure(await prepare(name), Number(process.argv[3] ?? 300) * 1e6)
console.log(`Benchmark${name}\t${times}\t${each.toFixed(2)} ns/op`)
process.exit(sink === 0.5 ? 1 : 0)
