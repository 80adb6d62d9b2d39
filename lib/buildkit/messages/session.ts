import {
  bytes,
  bytesMap,
  count,
  int32,
  int64,
  message,
  messages,
  nested,
  string,
  stringMap,
  strings,
  uint32,
} from "../protobuf.js";

/** A message without members. */
export const Empty = message<object>({});

/** Bytes of a stream. */
export interface BytesMessage {
  data: Buffer;
}
export const BytesMessage = message<BytesMessage>({ data: bytes(1) });

/** Any message, with the name of its type. */
interface Any {
  typeUrl: string;
  value: Buffer;
}
const Any = message<Any>({ typeUrl: string(1), value: bytes(2) });

/** The status of a call, with its details. */
export interface Status {
  code: number;
  message: string;
  details: Any[];
}
export const Status = message<Status>({ code: int32(1), message: string(2), details: messages(Any, 3) });

export interface HealthCheckResponse {
  /** 1 for a service that is serving. */
  status: number;
}
export const HealthCheckResponse = message<HealthCheckResponse>({ status: uint32(1) });

export interface CredentialsRequest {
  host: string;
}
export const CredentialsRequest = message<CredentialsRequest>({ host: string(1) });
export interface CredentialsResponse {
  username: string;
  secret: string;
}
export const CredentialsResponse = message<CredentialsResponse>({ username: string(1), secret: string(2) });

export interface GetTokenAuthorityRequest {
  host: string;
  salt: Buffer;
}
export const GetTokenAuthorityRequest = message<GetTokenAuthorityRequest>({ host: string(1), salt: bytes(2) });
export const GetTokenAuthorityResponse = message<{ publicKey: Buffer }>({ publicKey: bytes(1) });
export interface VerifyTokenAuthorityRequest {
  host: string;
  payload: Buffer;
  salt: Buffer;
}
export const VerifyTokenAuthorityRequest = message<VerifyTokenAuthorityRequest>({
  host: string(1),
  payload: bytes(2),
  salt: bytes(3),
});
export const VerifyTokenAuthorityResponse = message<{ signed: Buffer }>({ signed: bytes(1) });
export interface FetchTokenRequest {
  clientId: string;
  host: string;
  realm: string;
  service: string;
  scopes: string[];
}
export const FetchTokenRequest = message<FetchTokenRequest>({
  clientId: string(1),
  host: string(2),
  realm: string(3),
  service: string(4),
  scopes: strings(5),
});
export interface FetchTokenResponse {
  token: string;
  /** Seconds. */
  expiresIn: number;
  /** Seconds since 1970. */
  issuedAt: number;
}
export const FetchTokenResponse = message<FetchTokenResponse>({ token: string(1), expiresIn: count(2), issuedAt: count(3) });

export interface GetSecretRequest {
  id: string;
  annotations: Record<string, string>;
}
export const GetSecretRequest = message<GetSecretRequest>({ id: string(1), annotations: stringMap(2) });
export const GetSecretResponse = message<{ data: Buffer }>({ data: bytes(1) });

export const CheckAgentRequest = message<{ id: string }>({ id: string(1) });

/** A file, as BuildKit describes it. */
export interface Stat {
  path: string;
  /** The mode in Go's bits. */
  mode: number;
  uid: number;
  gid: number;
  size: number;
  /** Nanoseconds since 1970. */
  modTime: bigint;
  linkname: string;
  devmajor: number;
  devminor: number;
  xattrs: Record<string, Buffer>;
}
export const Stat = message<Stat>({
  path: string(1),
  mode: uint32(2),
  uid: uint32(3),
  gid: uint32(4),
  size: count(5),
  modTime: int64(6),
  linkname: string(7),
  devmajor: count(8),
  devminor: count(9),
  xattrs: bytesMap(10),
});

/** The types of packets. */
export const PacketType = { Stat: 0, Request: 1, Data: 2, Fin: 3, Error: 4 } as const;

/** A part of a transfer of files. */
export interface Packet {
  type: number;
  stat: Stat | undefined;
  id: number;
  data: Buffer;
}
export const Packet = message<Packet>({ type: uint32(1), stat: nested(Stat, 2), id: uint32(3), data: bytes(4) });
