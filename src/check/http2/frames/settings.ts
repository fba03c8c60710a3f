import { settingsMax } from '../limits/limits.ts';
import type { Sender } from '../streams/sender.ts';
import type { Stream } from '../streams/stream.ts';
import { defaultFrameBytesMax, ErrorCode, readUint32, SettingId, windowMax } from './frames.ts';

const settingBytes = 6;
/** Largest frame that a peer may allow (RFC 9113, 6.5.2). */
const frameBytesMaxMax = 2 ** 24 - 1;

/**
 * Takes on what the peer asks for in a SETTINGS frame, in its order; answers the error where a value is not allowed
 * (RFC 9113, 6.5.2). Windows move once, by the last of their values: before, the peer is not there yet.
 */
export function applySettings<Call>(
  sender: Sender<Call>,
  streams: () => Iterable<Stream<Call>>,
  bytes: Buffer,
  start: number,
  end: number,
): ErrorCode | undefined {
  if (end - start > settingsMax * settingBytes) {
    return ErrorCode.enhanceYourCalm;
  }
  let [last, largest] = [-1, 0];
  for (let at = start; at < end; at += settingBytes) {
    const [id, value] = [bytes.readUInt16BE(at), readUint32(bytes, at + 2)];
    const fault = applySetting(sender, id, value);
    if (fault !== undefined) {
      return fault;
    }
    if (id === SettingId.initialWindowSize) {
      last = value;
      largest = Math.max(largest, value);
    }
  }
  if (last !== -1 && !sender.setInitialWindow(last, largest, streams())) {
    return ErrorCode.flowControlError;
  }
  return undefined;
}

function applySetting<Call>(sender: Sender<Call>, id: number, value: number): ErrorCode | undefined {
  switch (id) {
    case SettingId.headerTableSize:
      sender.setHeaderTableBytes(value);
      return undefined;
    case SettingId.enablePush:
      return value > 1 ? ErrorCode.protocolError : undefined;
    case SettingId.initialWindowSize:
      return value > windowMax ? ErrorCode.flowControlError : undefined;
    case SettingId.maxFrameSize:
      if (value < defaultFrameBytesMax || value > frameBytesMaxMax) {
        return ErrorCode.protocolError;
      }
      sender.setFrameBytesMax(value);
      return undefined;
    default:
      // We open no streams, and our header lists are short; unknown settings are ignored.
      return undefined;
  }
}
