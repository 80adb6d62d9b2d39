// @ts-check
// Replaces the package of the same name, which qs uses, in the bundle: it supports engines without WeakMap, and loading its ten
// dependencies takes longer than anything else in the package. qs calls only these methods, with objects as keys.

/** @returns {{ get: (key: object) => unknown, set: (key: object, value: unknown) => void, has: (key: object) => boolean, delete: (key: object) => boolean }} */
module.exports = function getSideChannel() {
  const values = new WeakMap();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    has: (key) => values.has(key),
    delete: (key) => values.delete(key),
  };
};
