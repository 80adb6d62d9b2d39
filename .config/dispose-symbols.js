// @ts-check
// Replaces the symbols of `using`, including those in code that esbuild converts for Node.js 20, because contexts of `node:vm`
// lack them before Node.js 24. Users' converted code falls back to the same registered symbols.

const dispose = Reflect.get(Symbol, "dispose") ?? Symbol.for("Symbol.dispose");
const asyncDispose = Reflect.get(Symbol, "asyncDispose") ?? Symbol.for("Symbol.asyncDispose");

export { asyncDispose as "Symbol.asyncDispose", dispose as "Symbol.dispose" };
