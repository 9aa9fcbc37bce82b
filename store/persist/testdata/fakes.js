// Stand-ins for the browser's storages, as far as this package uses them. A page has the real ones; node has none.
(() => {
	"use strict";

	class Items {
		#items = new Map();
		quota = 5_000_000; // characters
		writes = Infinity; // how many more are allowed
		get length() { return this.#items.size; }
		key(i) { return [...this.#items.keys()][i] ?? null; }
		getItem(key) { return this.#items.get(String(key)) ?? null; }
		removeItem(key) { this.#count(); this.#items.delete(String(key)); }
		#count() { if (this.writes-- <= 0) throw new DOMException("the disk is gone", "UnknownError"); }
		setItem(key, text) {
			key = String(key);
			text = String(text);
			this.#count();
			let size = key.length + text.length;
			for (const [k, v] of this.#items) if (k !== key) size += k.length + v.length;
			if (size > this.quota) throw new DOMException("the quota has been exceeded", "QuotaExceededError");
			this.#items.set(key, text);
		}
	}

	const fire = (target, type) => {
		const event = new Event(type, { cancelable: true });
		target["on" + type]?.(event);
		target.dispatchEvent(event);
	};

	class Transaction extends EventTarget {
		error = null;
		work = [];
		over = false;
		constructor(db, store, mode) {
			super();
			if (!db.data.stores.has(store)) throw new DOMException("no such store", "NotFoundError");
			if (db.closed) throw new DOMException("the connection is closed", "InvalidStateError");
			this.mode = mode;
			this.data = db.data;
			this.store = store;
			db.data.queue = db.data.queue.then(() => new Promise((done) => setTimeout(() => { this.#run(); done(); })));
		}
		objectStore() {
			const request = (write, fn) => {
				if (write && this.mode !== "readwrite") throw new DOMException("read only", "ReadOnlyError");
				const r = { result: undefined };
				this.work.push((values) => { r.result = fn(values); });
				return r;
			};
			return {
				get: (key) => request(false, (values) => structuredClone(values.get(key))),
				getAllKeys: () => request(false, (values) => [...values.keys()].sort()),
				put: (value, key) => { const v = structuredClone(value); return request(true, (values) => { values.set(key, v); }); },
				add: (value, key) => {
					const v = structuredClone(value);
					return request(true, (values) => {
						if (values.has(key)) throw new DOMException("the key exists", "ConstraintError");
						values.set(key, v);
					});
				},
				delete: (key) => request(true, (values) => { values.delete(key); }),
			};
		}
		commit() { this.committing = true; }
		abort() {
			if (this.over) throw new DOMException("it has ended", "InvalidStateError");
			this.over = true;
		}
		#run() {
			if (this.over) return;
			this.over = true;
			const draft = new Map(this.data.stores.get(this.store));
			try {
				if (this.data.failing) throw new DOMException(this.data.failing, this.data.failing);
				for (const step of this.work) step(draft);
			} catch (error) {
				this.error = error;
				fire(this, "abort");
				return;
			}
			this.data.stores.set(this.store, draft);
			fire(this, "complete");
		}
	}

	class Database extends EventTarget {
		closed = false;
		constructor(data) { super(); this.data = data; data.connections.add(this); }
		createObjectStore(name) { this.data.stores.set(name, new Map()); }
		transaction(store, mode) { return new Transaction(this, store, mode); }
		close() { this.closed = true; this.data.connections.delete(this); }
	}

	const databases = new Map();
	globalThis.localStorage = new Items();
	globalThis.indexedDB = {
		open(name) {
			const request = new EventTarget();
			setTimeout(() => {
				const fresh = !databases.has(name);
				if (fresh) databases.set(name, { stores: new Map(), connections: new Set(), queue: Promise.resolve(), failing: "" });
				request.result = new Database(databases.get(name));
				if (fresh) fire(request, "upgradeneeded");
				fire(request, "success");
			});
			return request;
		},
		// For tests: what another tab or the browser itself does.
		fake: {
			ask(name, type) { for (const c of databases.get(name).connections) fire(c, type); },
			drop(name) { for (const c of databases.get(name).connections) c.close(); },
			fail(name, error) { databases.get(name).failing = error; },
			connections(name) { return databases.get(name)?.connections.size ?? 0; },
		},
	};
})();
