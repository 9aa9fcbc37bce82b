// Drives the real iCure client (@icure/api 6.4.4) against a server and prints what it
// got as one JSON object. Arguments: base URL, patient's login, administrator's login,
// password of both, id of a doctor's healthcare party.
'use strict'

const { webcrypto } = require('node:crypto')

// The module touches both while it loads.
const memory = new Map()
globalThis.Storage = class {}
globalThis.localStorage = {
  getItem: (key) => memory.get(key) ?? null,
  setItem: (key, value) => memory.set(key, value),
  removeItem: (key) => memory.delete(key),
  key: (n) => [...memory.keys()][n] ?? null,
  get length() {
    return memory.size
  },
}

const { Api } = require('@icure/api')

const [url, patient, administrator, password, doctorId] = process.argv.slice(2)
const requests = []

function recorded(input, init) {
  const path = new URL(typeof input === 'string' ? input : input.url).pathname
  requests.push(`${init?.method ?? 'GET'} ${path}`)
  return fetch(input, init)
}

function storage() {
  const items = new Map()
  return {
    getItem: async (key) => items.get(key),
    setItem: async (key, value) => void items.set(key, value),
    removeItem: async (key) => void items.delete(key),
  }
}

async function logIn(user, secret) {
  return await Api(`${url}/rest/v1`, user, secret, webcrypto, recorded, false, false, storage())
}

async function failure(promise) {
  try {
    await promise
    return { failed: false }
  } catch (e) {
    return { failed: true, status: e.statusCode, message: e.message }
  }
}

async function main() {
  const out = {}
  const api = await logIn(patient, password)
  const me = await api.userApi.getCurrentUser()
  out.me = me
  out.firstRequests = [...requests]
  out.matches = await api.userApi.getMatchingUsers()

  const shared = await api.userApi.modifyUser({ ...me, autoDelegations: { ...me.autoDelegations, medicalInformation: [doctorId] } })
  out.shared = shared.autoDelegations
  out.sharedRev = shared.rev
  out.stale = await failure(api.userApi.modifyUser({ ...me, name: 'stale' }))
  out.afterRefusal = (await api.userApi.getCurrentUser()).autoDelegations
  const stopped = await api.userApi.modifyUser({ ...shared, autoDelegations: { ...shared.autoDelegations, medicalInformation: [] } })
  out.stopped = stopped.autoDelegations

  out.doctor = await api.healthcarePartyApi.getHealthcareParty(doctorId)
  if (api.healthcarePartyApi.filterHealthPartiesBy) {
    const page = await api.healthcarePartyApi.filterHealthPartiesBy(undefined, 10, {
      $type: 'FilterChain',
      filter: { $type: 'HealthcarePartyByNameFilter', name: out.doctor.lastName },
    })
    out.found = page.rows.map((h) => h.id)
  }

  const token = await api.userApi.getToken(me.id, webcrypto.randomUUID(), 3600)
  out.tokenIsText = typeof token === 'string' && token.length === 36
  out.tokenValid = await api.userApi.checkTokenValidity(me.id, token)
  out.otherTokenValid = await api.userApi.checkTokenValidity(me.id, 'no-token')
  const byToken = await logIn(`${me.groupId}/${me.id}`, token)
  out.byToken = (await byToken.userApi.getCurrentUser()).id

  const admin = await logIn(administrator, password)
  const created = await admin.userApi.createUser({ id: webcrypto.randomUUID(), login: 'john', email: 'john@hospital.care', passwordHash: 'a long password', name: 'John' })
  out.created = created
  out.duplicate = await failure(admin.userApi.createUser({ id: webcrypto.randomUUID(), login: 'other', email: 'john@hospital.care' }))
  out.byEmail = (await admin.userApi.getUserByEmail('john@hospital.care')).id === created.id
  out.deleted = await admin.userApi.deleteUser(created.id)
  out.unknown = await failure(admin.userApi.getUser('nobody'))

  const stranger = await logIn(patient, 'a wrong password')
  requests.length = 0
  out.wrongPassword = await failure(stranger.userApi.getCurrentUser())
  out.ladder = [...requests]
  out.loggedOut = await api.authApi.logout()
  return out
}

main().then(
  (out) => process.stdout.write(JSON.stringify(out), () => process.exit(0)),
  (e) => {
    console.error(e)
    process.exit(1)
  }
)
