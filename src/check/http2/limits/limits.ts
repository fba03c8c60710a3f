/**
 * What one peer may take of us (threats.md, T14 to T18). Envoy stays far below each; whoever goes beyond loses a stream,
 * or the connection where the protocol leaves no smaller answer.
 */

/** Concurrent streams: more than one Envoy worker opens, and still a bound (T17). */
export const streamsMax = 4096;
/** Connections in all: an Envoy opens one for each of its workers. */
export const connectionsMax = 4096;

/** Decoded header fields of a request, each counted with 32 bytes beside its text (RFC 9113, 6.5.2; T16). */
export const headerListBytesMax = 16 * 1024;
/** The same while it is still encoded, over all its frames: a block is not collected beyond this (T16). */
export const headerBlockBytesMax = 16 * 1024;
/** A list so much longer than it may be is no mistake but a bomb: it is not even read to its end (T16). */
export const headerBombFactor = 4;
/** CONTINUATION frames of one block: more are a flood, however small they are (T16). */
export const continuationsMax = 16;
/** The peer's table for our requests' headers; the protocol's own default. */
export const headerTableBytes = 4096;

/** Bytes that a stream may send before we say more: bodies up to this size never wait. */
export const streamWindowBytes = 1024 * 1024;
/** The same for a connection: some dozens of streams at once. */
export const connectionWindowBytes = 32 * 1024 * 1024;
/** Requests that are not complete, in bytes on one connection; a stream beyond is refused (T17). */
export const bufferedBytesMax = 128 * 1024 * 1024;
/** The same on all connections of a server. */
export const bufferedBytesMaxInAll = 512 * 1024 * 1024;

/** Answers that a peer does not let us send, in bytes on one connection; beyond, the connection ends (T18). */
export const unsentBytesMax = 8 * 1024 * 1024;
/** What a stream takes that is open and holds nothing, in bytes as measured. */
export const openStreamBytes = 512;
/** Both kinds of bytes that wait, those for windows and those for the socket, and open streams, on all connections of a server (T17). */
export const waitingBytesMaxInAll = 128 * 1024 * 1024;
/** What a connection may have of them all the same, however much waits on others: more than an honest peer leaves lying. */
export const waitingBytesShare = 64 * 1024;
/** Bytes that the socket has not taken yet; beyond, no more is read until it has (T18). */
export const outputBytesMax = 1024 * 1024;

/** Frames that carry no request: PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty DATA, unknown ones (T16). */
export const controlFramesPerSecond = 100;
export const controlFramesBurst = 1000;
/** Values in one SETTINGS frame: there are some ten in all, and a frame has room for thousands (T16). */
export const settingsMax = 32;
/** What an answered call may bring with it beside that: two windows opened, and one frame more. */
export const controlFramesPerAnswer = 3;

/** Streams that the peer resets: honest, when clients hang up, at thousands a second (T15). */
export const resetsPerSecond = 10_000;
export const resetsBurst = 10_000;
/** Streams that the peer makes us reset by faults of its own (CVE-2025-8671; T15). */
export const faultsPerSecond = 100;
export const faultsBurst = 200;

/** Longest time for the preface, for the rest of a frame and for the rest of a header block, in milliseconds (T18). */
export const partialMsMax = 5_000;
/** Longest time for a request to be complete, and for an answer to be taken, in milliseconds (T18). */
export const streamMsMax = 30_000;
/** How often connections are looked at for that, in milliseconds. */
export const sweepMs = 1_000;
