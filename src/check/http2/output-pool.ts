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
  /** Bytes that wait on all connections, for a window, for a socket to take them, or for a request to go on. */
  waitingBytes = 0;

  /** Buffers that somebody has at present. */
  get takenCount(): number {
    return this.#owners.size;
  }

  /** A buffer that is this owner's alone. Throws where it is somebody's already. */
  take(owner: BufferOwner): Buffer {
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
    if (this.#owners.has(buffer)) {
      this.#refuse(owner, buffer);
    }
    this.#owners.set(buffer, owner);
    return buffer;
  }

  /** Throws where the buffer is not this owner's. */
  requireOwn(owner: BufferOwner, buffer: Buffer): void {
    if (this.#owners.get(buffer) !== owner) {
      this.#refuse(owner, buffer);
    }
  }

  /** The owner has read or copied all of it: it is anybody's. Throws where it was not its own. */
  giveBack(owner: BufferOwner, buffer: Buffer): void {
    this.leave(owner, buffer);
    if (this.#free.length < freeMax) {
      this.#free.push(buffer);
    }
  }

  /** Somebody else, such as the kernel, goes on reading it: nobody writes to it again. Throws where it was not its own. */
  leave(owner: BufferOwner, buffer: Buffer): void {
    this.requireOwn(owner, buffer);
    this.#owners.delete(buffer);
  }

  #refuse(owner: BufferOwner, buffer: Buffer): never {
    const other = this.#owners.get(buffer);
    for (const [taken, by] of this.#owners) {
      if (by === owner || by === other) {
        this.#owners.delete(taken);
      }
    }
    other?.sever();
    owner.sever();
    throw new Error('a buffer for answers was used by a connection that does not own it');
  }
}
