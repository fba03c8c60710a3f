import { defaultFrameBytesMax, ErrorCode, readUint32, SettingId, windowMax } from './frames.ts';
import type { Sender } from './sender.ts';
import type { Stream } from './stream.ts';

/** Largest frame that a peer may allow (RFC 9113, 6.5.2). */
const frameBytesMaxMax = 2 ** 24 - 1;

/** Takes on what the peer asks for in a SETTINGS frame, in its order; answers the error where a value is not allowed (RFC 9113, 6.5.2). */
export function applySettings<Call>(
  sender: Sender<Call>,
  streams: Iterable<Stream<Call>>,
  bytes: Buffer,
  start: number,
  end: number,
): ErrorCode | undefined {
  const open = [...streams];
  for (let at = start; at < end; at += 6) {
    const fault = applySetting(sender, open, bytes.readUInt16BE(at), readUint32(bytes, at + 2));
    if (fault !== undefined) {
      return fault;
    }
  }
  return undefined;
}

function applySetting<Call>(
  sender: Sender<Call>,
  streams: readonly Stream<Call>[],
  id: number,
  value: number,
): ErrorCode | undefined {
  switch (id) {
    case SettingId.headerTableSize:
      sender.setHeaderTableBytes(value);
      return undefined;
    case SettingId.enablePush:
      return value > 1 ? ErrorCode.protocolError : undefined;
    case SettingId.initialWindowSize:
      return value <= windowMax && sender.setInitialWindow(value, streams) ? undefined : ErrorCode.flowControlError;
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
