import { ProtocolError } from "../errors/connection-errors.js";

/** How deeply messages may be nested. BuildKit's own nest at most five levels. */
const DEPTH = 32;

const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

const malformed = (what: string): ProtocolError => new ProtocolError(`malformed protocol buffer: ${what}`);

/** Reads the fields of a message. */
class Input {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw malformed("it ends within a number");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw malformed("a number is longer than ten bytes");
  }

  /** Reads a number that is below 2^32 in valid messages: a key or a length. */
  small(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw malformed("it ends within a number");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw malformed("a key or a length is longer than five bytes");
  }

  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw malformed("it ends within a field");
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  skip(wire: number): void {
    if (wire === VARINT) this.varint();
    else if (wire === EIGHT_BYTES) this.take(8);
    else if (wire === LENGTH) this.take(this.small());
    else if (wire === FOUR_BYTES) this.take(4);
    else throw malformed(`it has the unknown wire type ${wire}`);
  }
}

/** The numbers of one byte, which most keys and lengths are. */
const oneByte = Array.from({ length: 0x80 }, (_, value) => Buffer.from([value]));

function pushVarint(out: Buffer[], value: bigint | number): void {
  const short = oneByte[Number(value)];
  if (short) {
    out.push(short);
    return;
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  out.push(Buffer.from(bytes));
}

/** A value type: how it is written and read, without its key. */
interface Type<T> {
  readonly wire: number;
  write(out: Buffer[], value: T): void;
  read(input: Input, depth: number): T;
}

const varintType = <T>(from: (value: bigint) => T, to: (value: T) => bigint | number): Type<T> => ({
  wire: VARINT,
  write: (out, value) => pushVarint(out, to(value)),
  read: (input) => from(input.varint()),
});

const lengthType = <T>(from: (bytes: Buffer, depth: number) => T, to: (value: T) => Uint8Array): Type<T> => ({
  wire: LENGTH,
  write(out, value) {
    const bytes = to(value);
    pushVarint(out, bytes.length);
    out.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  },
  read: (input, depth) => from(input.take(input.small()), depth),
});

const boolType = varintType<boolean>(
  (value) => value !== 0n,
  (value) => (value ? 1 : 0),
);
const int32Type = varintType<number>(
  (value) => Number(BigInt.asIntN(32, value)),
  (value) => value,
);
const uint32Type = varintType<number>(
  (value) => Number(BigInt.asUintN(32, value)),
  (value) => value,
);
const int64Type = varintType<bigint>(
  (value) => BigInt.asIntN(64, value),
  (value) => value,
);
const numberType = varintType<number>(
  (value) => Number(BigInt.asIntN(64, value)),
  (value) => value,
);
const stringType = lengthType<string>(
  (bytes) => bytes.toString(),
  (value) => Buffer.from(value),
);
const bytesType = lengthType<Buffer>(
  (bytes) => bytes,
  (value) => value,
);

/** A field of a message: how its member is written and read. */
export interface MessageField<T> {
  readonly number: number;
  /** Creates the value of a field that a message leaves out. */
  initial(): T;
  /** Writes the field, unless its value is the initial one. */
  write(out: Buffer[], value: T): void;
  /** Reads an occurrence of the field. */
  read(input: Input, wire: number, before: T, depth: number): T;
}

function wrongType(number: number, wire: number): ProtocolError {
  return malformed(`field ${number} has the wire type ${wire}`);
}

function pushField<T>(out: Buffer[], number: number, type: Type<T>, value: T): void {
  pushVarint(out, number * 8 + type.wire);
  type.write(out, value);
}

const single =
  <T, V extends T>(type: Type<V>, initial: T, isInitial: (value: T) => boolean) =>
  (number: number): MessageField<T> => ({
    number,
    initial: () => initial,
    write(out, value) {
      if (!isInitial(value)) pushField(out, number, type, value as V); // only an initial value may be of another type
    },
    read(input, wire, _before, depth) {
      if (wire !== type.wire) throw wrongType(number, wire);
      return type.read(input, depth);
    },
  });

/** A text. */
export const string = single<string, string>(stringType, "", (value) => value === "");
/** Bytes, which share the memory of the message that they are read from. */
export const bytes = single<Buffer, Buffer>(bytesType, Buffer.alloc(0), (value) => value.length === 0);
/** A boolean. */
export const bool = single<boolean, boolean>(boolType, false, (value) => !value);
/** A signed number of 32 bits. */
export const int32 = single<number, number>(int32Type, 0, (value) => value === 0);
/** An unsigned number of 32 bits. */
export const uint32 = single<number, number>(uint32Type, 0, (value) => value === 0);
/** A signed number of 64 bits. */
export const int64 = single<bigint, bigint>(int64Type, 0n, (value) => value === 0n);
/** A signed number of 64 bits of which 53 are enough: a count, a size or a time in seconds. */
export const count = single<number, number>(numberType, 0, (value) => value === 0);

/** A message type. */
export interface MessageType<M> {
  /** Writes a message. Members that are left out have their initial values. */
  encode(message: Partial<M>): Buffer;
  /** Writes a message in parts, without a copy of the bytes in its members. */
  encodeParts(message: Partial<M>): Buffer[];
  /**
   * Reads a message. Unknown fields are skipped.
   *
   * @throws {@link ProtocolError} when the bytes are not a message, or a field has another wire type.
   */
  decode(bytes: Uint8Array): M;
}

/** The decoder that keeps count of the depth. */
const inner = new WeakMap<object, (bytes: Buffer, depth: number) => unknown>();

/**
 * Declares a message type.
 *
 * @param fields - the field of each member.
 */
export function message<M extends object>(fields: { readonly [K in keyof M]-?: MessageField<M[K]> }): MessageType<M> {
  const members = Object.entries(fields as Record<string, MessageField<unknown>>); // each is used for its own member alone
  const byNumber = new Map(members.map(([name, field]) => [field.number, { name, field }]));
  const decode = (bytes: Buffer, depth: number): M => {
    if (depth > DEPTH) throw malformed(`it is nested more than ${DEPTH} levels deep`);
    const decoded: Record<string, unknown> = {};
    for (const [name, field] of members) decoded[name] = field.initial();
    const input = new Input(bytes);
    while (input.hasMore) {
      const key = input.small();
      const wire = key & 7;
      const known = byNumber.get(Math.floor(key / 8));
      if (known) decoded[known.name] = known.field.read(input, wire, decoded[known.name], depth);
      else input.skip(wire);
    }
    return decoded as M; // every member has been read, or has its initial value
  };
  const type: MessageType<M> = {
    encode: (given) => Buffer.concat(type.encodeParts(given)),
    encodeParts(given) {
      const out: Buffer[] = [];
      for (const [name, field] of members) {
        const value = given[name as keyof M];
        if (value !== undefined) field.write(out, value);
      }
      return out;
    },
    decode: (from) => decode(Buffer.from(from.buffer, from.byteOffset, from.length), 0),
  };
  inner.set(type, decode);
  return type;
}

function typeOfMessage<M>(of: MessageType<M>): Type<M> {
  return lengthType<M>(
    (bytes, depth) => inner.get(of)?.(bytes, depth + 1) as M, // `message` has put it there
    (value) => of.encode(value),
  );
}

/** A message, which is undefined if it is left out. */
export const nested = <M>(of: MessageType<M>, number: number): MessageField<M | undefined> =>
  single<M | undefined, M>(typeOfMessage(of), undefined, (value) => value === undefined)(number);

function repeated<T>(number: number, type: Type<T>): MessageField<T[]> {
  return {
    number,
    initial: () => [],
    write(out, values) {
      for (const value of values) pushField(out, number, type, value);
    },
    read(input, wire, before, depth) {
      if (wire !== type.wire) throw wrongType(number, wire);
      before.push(type.read(input, depth));
      return before;
    },
  };
}

/** A list of messages. */
export const messages = <M>(of: MessageType<M>, number: number): MessageField<M[]> => repeated(number, typeOfMessage(of));
/** A list of texts. */
export const strings = (number: number): MessageField<string[]> => repeated(number, stringType);
/** A list of bytes. */
export const byteStrings = (number: number): MessageField<Buffer[]> => repeated(number, bytesType);

interface Entry<V> {
  key: string;
  value: V;
}

function mapOf<V>(number: number, entry: MessageType<Entry<V>>): MessageField<Record<string, V>> {
  const entries = messages(entry, number);
  return {
    number,
    initial: () => ({}),
    write: (out, value) =>
      entries.write(
        out,
        Object.entries(value).map(([key, member]) => ({ key, value: member })),
      ),
    read(input, wire, before, depth) {
      for (const { key, value } of entries.read(input, wire, [], depth)) {
        // a member named __proto__ stays a member
        Object.defineProperty(before, key, { value, enumerable: true, configurable: true, writable: true });
      }
      return before;
    },
  };
}

/** A map of texts. */
export const stringMap = (number: number): MessageField<Record<string, string>> =>
  mapOf(number, message<Entry<string>>({ key: string(1), value: string(2) }));
/** A map of bytes. */
export const bytesMap = (number: number): MessageField<Record<string, Buffer>> =>
  mapOf(number, message<Entry<Buffer>>({ key: string(1), value: bytes(2) }));
