import { configureStore } from '@reduxjs/toolkit'
import { createApi, fakeBaseQuery } from '@reduxjs/toolkit/query'
import { range } from './harness.js'

// invalidate names the tag of one among many subscribed entries and waits for its refetch, whose answer is there at once.
export async function invalidate(entries) {
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
  const ids = range(entries).map(String)
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
