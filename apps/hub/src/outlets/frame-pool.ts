// Memory of track frames, used again once every browser's copy is with the kernel.

export interface Memory {
  readonly buffer: Buffer;
  readonly view: DataView;
}

export interface Frame {
  readonly bytes: Buffer;
  /** Sends that have not been carried out yet. */
  unsent: number;
  /** To be called when one has. */
  readonly sent: () => void;
}

/** Kept for reuse; more than these are in use only while browsers are slow, and go back to the collector. */
const MOST_KEPT = 8;
const SMALLEST_BYTES = 16 * 1024;

export class FramePool {
  readonly #free: Memory[] = [];

  /** Memory of at least so many bytes. */
  take(bytes: number): Memory {
    const at = this.#free.findIndex(({ buffer }) => buffer.length >= bytes);
    const [kept] = at < 0 ? [] : this.#free.splice(at, 1);
    if (kept !== undefined) return kept;
    // Powers of two: a picture that grows does not make new sizes all the time.
    const buffer = Buffer.allocUnsafeSlow(Math.max(SMALLEST_BYTES, 2 ** Math.ceil(Math.log2(bytes))));
    return { buffer, view: new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength) };
  }

  /** A frame of the first bytes of the memory; the memory comes back once all sends are done. */
  frame(memory: Memory, bytes: number): Frame {
    const frame: Frame = {
      bytes: memory.buffer.subarray(0, bytes),
      unsent: 0,
      sent: () => {
        frame.unsent -= 1;
        if (frame.unsent > 0) return;
        if (this.#free.length >= MOST_KEPT) this.#free.shift();
        this.#free.push(memory);
      },
    };
    return frame;
  }
}
