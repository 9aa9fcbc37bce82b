// The parts of app-core that draw nothing.
export * from "./node_modules/@redux-devtools/app-core/lib/actions/index.js";
export * from "./node_modules/@redux-devtools/app-core/lib/constants/actionTypes.js";
export * from "./node_modules/@redux-devtools/app-core/lib/reducers/instances.js";
export * from "./node_modules/@redux-devtools/app-core/lib/reducers/notification.js";
export * from "./node_modules/@redux-devtools/app-core/lib/utils/stringifyJSON.js";
