// @ts-check
// Replaces the symbols of `using`, in code that esbuild has converted for Node.js 20 as well: contexts of `node:vm` lack them
// before Node.js 24. The symbols of the registry are those that converted code of users falls back to.

const dispose = Reflect.get(Symbol, "dispose") ?? Symbol.for("Symbol.dispose");
const asyncDispose = Reflect.get(Symbol, "asyncDispose") ?? Symbol.for("Symbol.asyncDispose");

export { asyncDispose as "Symbol.asyncDispose", dispose as "Symbol.dispose" };
