import type { ConnectionState } from '../connection-state.ts';
import { ErrorCode, Flag, FrameType, readUint31 } from './frames.ts';
import { applySettings } from './settings.ts';

/** One whole frame: its payload lies between two places. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Takes a frame that carries nothing of a request. Answers whether the connection goes on. */
export function takeControlFrame<Call>(state: ConnectionState<Call>, frame: Frame): boolean {
  switch (frame.type) {
    case FrameType.windowUpdate:
      return takeWindowUpdate(state, frame);
    case FrameType.settings:
      return takeSettings(state, frame);
    case FrameType.ping:
      return takePing(state, frame);
    case FrameType.priority:
      return takePriority(state, frame);
    case FrameType.goaway:
      return (frame.streamId === 0 && frame.end - frame.start >= 8) || state.fail(ErrorCode.protocolError);
    case FrameType.pushPromise:
      return state.fail(ErrorCode.protocolError);
    default:
      // A kind that we don't know means nothing to us (RFC 9113, 4.1).
      return true;
  }
}

/** RFC 9113, 6.9. */
function takeWindowUpdate<Call>(state: ConnectionState<Call>, { streamId, bytes, start, end }: Frame): boolean {
  const { streams, sender } = state;
  if (end - start !== 4) {
    return state.fail(ErrorCode.frameSizeError);
  }
  if (streamId !== 0 && streams.isIdle(streamId)) {
    return state.fail(ErrorCode.protocolError);
  }
  const stream = streamId === 0 ? undefined : streams.find(streamId);
  if (streamId !== 0 && stream === undefined) {
    return true;
  }
  const increment = readUint31(bytes, start);
  const isRight = increment > 0 && sender.widen(stream, increment);
  if (isRight) {
    return true;
  }
  const code = increment === 0 ? ErrorCode.protocolError : ErrorCode.flowControlError;
  return stream === undefined ? state.fail(code) : state.fault(stream, code);
}

/** RFC 9113, 6.5. */
function takeSettings<Call>(state: ConnectionState<Call>, { streamId, flags, bytes, start, end }: Frame): boolean {
  const isAck = (flags & Flag.ack) !== 0;
  if (streamId !== 0) {
    return state.fail(ErrorCode.protocolError);
  }
  if ((end - start) % 6 !== 0 || (isAck && end > start)) {
    return state.fail(ErrorCode.frameSizeError);
  }
  if (isAck) {
    return true;
  }
  // Acknowledged first: what is sent from here on goes by the new values.
  state.sender.acknowledgeSettings();
  const fault = applySettings(state.sender, () => state.streams.all(), bytes, start, end);
  return fault === undefined || state.fail(fault);
}

/** RFC 9113, 6.7. */
function takePing<Call>(state: ConnectionState<Call>, { streamId, flags, bytes, start, end }: Frame): boolean {
  if (end - start !== 8) {
    return state.fail(ErrorCode.frameSizeError);
  }
  if (streamId !== 0) {
    return state.fail(ErrorCode.protocolError);
  }
  if ((flags & Flag.ack) === 0) {
    state.sender.acknowledgePing(bytes, start);
  }
  return true;
}

/** RFC 9113, 6.3: priorities are deprecated, and only held to their form. */
function takePriority<Call>(state: ConnectionState<Call>, { streamId, bytes, start, end }: Frame): boolean {
  if (streamId === 0) {
    return state.fail(ErrorCode.protocolError);
  }
  if (end - start === 5 && readUint31(bytes, start) !== streamId) {
    return true;
  }
  const code = end - start !== 5 ? ErrorCode.frameSizeError : ErrorCode.protocolError;
  const stream = state.streams.find(streamId);
  if (stream !== undefined) {
    return state.fault(stream, code);
  }
  return state.streams.isIdle(streamId) ? state.fail(code) : state.faultOn(streamId, code);
}
