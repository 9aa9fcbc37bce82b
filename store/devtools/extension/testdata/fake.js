// A stand-in for the Redux DevTools extension: what its page script does with a connection, and what its monitor keeps of
// the messages and sends back.
(() => {
	"use strict";

	const lift = (action) => ({ type: "PERFORM_ACTION", action, timestamp: Date.now() });
	const connections = [];

	const connect = (config) => {
		const c = { config, calls: [], errors: [], listeners: [], paused: false, gone: false, lifted: undefined };
		connections.push(c);

		// All messages between page and monitor are serialised.
		const copy = (value) => JSON.parse(JSON.stringify(value));

		const commitExcess = (s, n) => {
			for (const id of s.stagedActionIds.slice(1, n + 1)) delete s.actionsById[id];
			s.stagedActionIds = [0, ...s.stagedActionIds.slice(n + 1)];
			s.committedState = s.computedStates[n].state;
			s.computedStates = s.computedStates.slice(n);
			s.skippedActionIds = s.skippedActionIds.filter((id) => s.stagedActionIds.includes(id));
			s.currentStateIndex = Math.max(s.currentStateIndex - n, 0);
		};

		const monitor = {
			init(state) {
				c.lifted = {
					actionsById: { 0: lift({ type: "@@INIT" }) }, computedStates: [{ state }], committedState: state,
					currentStateIndex: 0, nextActionId: 1, skippedActionIds: [], stagedActionIds: [0],
				};
			},
			action(action, state) {
				const s = c.lifted;
				if (s.currentStateIndex === s.stagedActionIds.length - 1) s.currentStateIndex++;
				const id = s.nextActionId++;
				s.stagedActionIds.push(id);
				s.actionsById[id] = action.type === "PERFORM_ACTION" ? action : lift(action.action ?? action);
				s.computedStates.push({ state });
				const excess = s.stagedActionIds.length - config.maxAge;
				if (excess > 0) commitExcess(s, excess);
			},
			state(lifted) {
				if (!Array.isArray(lifted.computedStates)) throw new TypeError("a state without computedStates");
				c.lifted = lifted;
			},
		};

		// The monitor's messages reach the page as window messages: later, one after the other.
		let queue = Promise.resolve();
		c.post = (message) => {
			message = copy(message);
			queue = queue.then(() => new Promise((done) => setTimeout(() => {
				if (message.type === "DISPATCH" && message.payload.type === "PAUSE_RECORDING") c.paused = message.payload.status;
				for (const listener of [...c.listeners]) listener(message);
				done();
			})));
		};

		// What somebody does in the monitor.
		c.dispatch = (payload) => {
			payload = copy(payload);
			const s = c.lifted;
			let state;
			switch (payload.type) {
			case "JUMP_TO_ACTION":
				s.currentStateIndex = s.stagedActionIds.indexOf(payload.actionId);
				state = JSON.stringify(s.computedStates[s.currentStateIndex].state);
				break;
			case "JUMP_TO_STATE":
				s.currentStateIndex = payload.index;
				state = JSON.stringify(s.computedStates[payload.index].state);
				break;
			case "TOGGLE_ACTION": state = JSON.stringify(s); break;
			case "ROLLBACK": state = JSON.stringify(s.computedStates[0].state); break;
			}
			c.post({ type: "DISPATCH", payload, state, source: "@devtools-extension" });
		};
		c.typed = (text) => c.post({ type: "ACTION", payload: text, source: "@devtools-extension" });
		c.imported = (text) => {
			let lifted = JSON.parse(text), preloadedState;
			if (lifted.payload) {
				if (lifted.preloadedState) preloadedState = JSON.parse(lifted.preloadedState);
				lifted = JSON.parse(lifted.payload);
			}
			c.post({ type: "DISPATCH", payload: { type: "IMPORT_STATE", nextLiftedState: lifted, preloadedState } });
		};
		c.export = () => JSON.stringify(c.lifted);

		return {
			init: (state) => { c.calls.push("init"); monitor.init(copy(state)); },
			send(action, state) {
				if (c.paused) return;
				c.calls.push(action ? "send action" : "send state");
				if (action) monitor.action(copy(action), copy(state));
				else monitor.state(copy(state));
			},
			subscribe(listener) {
				c.listeners.push(listener);
				return () => { c.listeners = c.listeners.filter((l) => l !== listener); };
			},
			unsubscribe: () => { c.listeners = []; c.gone = true; },
			error: (text) => { c.errors.push(text); },
		};
	};

	globalThis.__REDUX_DEVTOOLS_EXTENSION__ = { connect, connections };
})();
