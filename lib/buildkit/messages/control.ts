import { bool, bytes, byteStrings, count, int32, message, messages, nested, string, stringMap, strings } from "../protobuf.js";

export interface Timestamp {
  seconds: number;
  nanos: number;
}
export const Timestamp = message<Timestamp>({ seconds: count(1), nanos: int32(2) });

/** A source or a destination of the cache. */
interface CacheOptionsEntry {
  type: string;
  attrs: Record<string, string>;
}
const CacheOptionsEntry = message<CacheOptionsEntry>({ type: string(1), attrs: stringMap(2) });

interface CacheOptions {
  exports: CacheOptionsEntry[];
  imports: CacheOptionsEntry[];
}
const CacheOptions = message<CacheOptions>({ exports: messages(CacheOptionsEntry, 4), imports: messages(CacheOptionsEntry, 5) });

export interface Exporter {
  type: string;
  attrs: Record<string, string>;
}
const Exporter = message<Exporter>({ type: string(1), attrs: stringMap(2) });

export interface SolveRequest {
  ref: string;
  exporterDeprecated: string;
  exporterAttrsDeprecated: Record<string, string>;
  session: string;
  frontend: string;
  frontendAttrs: Record<string, string>;
  cache: CacheOptions | undefined;
  entitlements: string[];
  exporters: Exporter[];
}
export const SolveRequest = message<SolveRequest>({
  ref: string(1),
  exporterDeprecated: string(3),
  exporterAttrsDeprecated: stringMap(4),
  session: string(5),
  frontend: string(6),
  frontendAttrs: stringMap(7),
  cache: nested(CacheOptions, 8),
  entitlements: strings(9),
  exporters: messages(Exporter, 13),
});

export const SolveResponse = message<{ exporterResponse: Record<string, string> }>({ exporterResponse: stringMap(1) });

export const StatusRequest = message<{ ref: string }>({ ref: string(1) });

interface Vertex {
  digest: string;
  inputs: string[];
  name: string;
  cached: boolean;
  started: Timestamp | undefined;
  completed: Timestamp | undefined;
  error: string;
}
const Vertex = message<Vertex>({
  digest: string(1),
  inputs: strings(2),
  name: string(3),
  cached: bool(4),
  started: nested(Timestamp, 5),
  completed: nested(Timestamp, 6),
  error: string(7),
});

interface VertexStatus {
  id: string;
  vertex: string;
  name: string;
  current: number;
  total: number;
  timestamp: Timestamp | undefined;
  started: Timestamp | undefined;
  completed: Timestamp | undefined;
}
const VertexStatus = message<VertexStatus>({
  id: string(1),
  vertex: string(2),
  name: string(3),
  current: count(4),
  total: count(5),
  timestamp: nested(Timestamp, 6),
  started: nested(Timestamp, 7),
  completed: nested(Timestamp, 8),
});

interface VertexLog {
  vertex: string;
  timestamp: Timestamp | undefined;
  stream: number;
  msg: Buffer;
}
const VertexLog = message<VertexLog>({ vertex: string(1), timestamp: nested(Timestamp, 2), stream: count(3), msg: bytes(4) });

interface Position {
  line: number;
  character: number;
}
const Position = message<Position>({ line: int32(1), character: int32(2) });

interface Range {
  start: Position | undefined;
  end: Position | undefined;
}
const Range = message<Range>({ start: nested(Position, 1), end: nested(Position, 2) });

interface SourceInfo {
  filename: string;
  data: Buffer;
}
const SourceInfo = message<SourceInfo>({ filename: string(1), data: bytes(2) });

interface VertexWarning {
  vertex: string;
  level: number;
  short: Buffer;
  detail: Buffer[];
  url: string;
  info: SourceInfo | undefined;
  ranges: Range[];
}
const VertexWarning = message<VertexWarning>({
  vertex: string(1),
  level: count(2),
  short: bytes(3),
  detail: byteStrings(4),
  url: string(5),
  info: nested(SourceInfo, 6),
  ranges: messages(Range, 7),
});

/** The changes of a build since the previous message. */
export interface StatusResponse {
  vertexes: Vertex[];
  statuses: VertexStatus[];
  logs: VertexLog[];
  warnings: VertexWarning[];
}
export const StatusResponse = message<StatusResponse>({
  vertexes: messages(Vertex, 1),
  statuses: messages(VertexStatus, 2),
  logs: messages(VertexLog, 3),
  warnings: messages(VertexWarning, 4),
});

export interface WorkerRecord {
  id: string;
  labels: Record<string, string>;
}
const WorkerRecord = message<WorkerRecord>({ id: string(1), labels: stringMap(2) });
export const ListWorkersResponse = message<{ record: WorkerRecord[] }>({ record: messages(WorkerRecord, 1) });

/** The status of a build in the history. */
interface HistoryError {
  code: number;
  message: string;
}
const HistoryError = message<HistoryError>({ code: int32(1), message: string(2) });
const HistoryRecord = message<{ ref: string; error: HistoryError | undefined }>({
  ref: string(1),
  error: nested(HistoryError, 5),
});

export interface HistoryRequest {
  activeOnly: boolean;
  ref: string;
  earlyExit: boolean;
}
export const HistoryRequest = message<HistoryRequest>({ activeOnly: bool(1), ref: string(2), earlyExit: bool(3) });
export interface HistoryEvent {
  type: number;
  record: { ref: string; error: HistoryError | undefined } | undefined;
}
export const HistoryEvent = message<HistoryEvent>({ type: count(1), record: nested(HistoryRecord, 2) });
