/** Some dozens of answers, and a part of a large one. */
const bufferBytes = 64 * 1024;
/** Buffers that are kept for the next turn: one is in use at a time, but for those of connections that hold their answers. */
const freeMax = 16;

/** Who has a buffer of the pool. */
export interface BufferOwner {
  /** Says nothing more on its connection, and closes it. */
  sever(): void;
}

/**
 * The buffers that connections of a server write to, and how many bytes wait on all of them. A buffer belongs to one owner from
 * `take` to `giveBack` or `leave`. Whoever asks for another's is a fault of ours: both connections end, so that no byte of one
 * is read on the other (T51).
 */
export class OutputPool {
  readonly #free: Buffer[] = [];
  readonly #owners = new Map<Buffer, BufferOwner>();
  readonly #slipped: (cause: Error) => void;
  /** Bytes that wait on all connections, for a window, for a socket to take them, or for a request to go on. */
  waitingBytes = 0;

  /** `slipped` is told of each fault of ours that ended two connections. */
  constructor(slipped: (cause: Error) => void = () => undefined) {
    this.#slipped = slipped;
  }

  /** Buffers that somebody has at present. */
  get takenCount(): number {
    return this.#owners.size;
  }

  /** A buffer that is this owner's alone. */
  take(owner: BufferOwner): Buffer {
    let buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
    if (this.#owners.has(buffer)) {
      this.#end(owner, buffer);
      buffer = Buffer.allocUnsafeSlow(bufferBytes);
    }
    this.#owners.set(buffer, owner);
    return buffer;
  }

  /** Whether the buffer is this owner's. If not, it and whoever has the buffer are severed. */
  isOwn(owner: BufferOwner, buffer: Buffer): boolean {
    if (this.#owners.get(buffer) === owner) {
      return true;
    }
    this.#end(owner, buffer);
    return false;
  }

  /** The owner has read or copied all of it: it is anybody's. */
  giveBack(owner: BufferOwner, buffer: Buffer): void {
    if (this.leave(owner, buffer) && this.#free.length < freeMax) {
      this.#free.push(buffer);
    }
  }

  /** Somebody else, such as the kernel, goes on reading it: nobody writes to it again. Answers whether it was the owner's. */
  leave(owner: BufferOwner, buffer: Buffer): boolean {
    return this.isOwn(owner, buffer) && this.#owners.delete(buffer);
  }

  #end(owner: BufferOwner, buffer: Buffer): void {
    const other = this.#owners.get(buffer);
    for (const [taken, by] of this.#owners) {
      if (by === owner || by === other) {
        this.#owners.delete(taken);
      }
    }
    other?.sever();
    owner.sever();
    this.#slipped(new Error('a buffer for answers was used by a connection that does not own it'));
  }
}
