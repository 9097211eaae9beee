/**
 * BuildKit tells its progress as protocol buffers inside the engine's JSON. We read the few fields that people want to
 * see; numbers are those of BuildKit's `control.proto` (StatusResponse, Vertex, VertexLog).
 */
interface Field {
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

const statusField = { vertexes: 1, logs: 3 };
const vertexField = { name: 3, cached: 4, started: 5, completed: 6, error: 7 };
const logField = { message: 4 };

/** Lines of a trace message: steps as they start, and what they print. */
export function traceLines(base64: string): readonly string[] {
  return fieldsOf(Buffer.from(base64, 'base64')).flatMap(({ number, bytes }) => {
    if (bytes === undefined) return [];
    if (number === statusField.vertexes) return vertexLines(bytes);
    return number === statusField.logs ? logLines(bytes) : [];
  });
}

function vertexLines(bytes: Uint8Array): string[] {
  const fields = fieldsOf(bytes);
  const has = (number: number) => fields.some((field) => field.number === number);
  const text = (number: number) => textOf(fields.find((field) => field.number === number)?.bytes);
  const error = text(vertexField.error);
  if (error !== '') return [`${text(vertexField.name)}: ${error}`];
  return has(vertexField.started) && !has(vertexField.completed) ? [text(vertexField.name)] : [];
}

function logLines(bytes: Uint8Array): string[] {
  const message = fieldsOf(bytes).find((field) => field.number === logField.message)?.bytes;
  return textOf(message)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8');
}

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const key = varint();
    const kind = key % 8;
    const number = Math.floor(key / 8);
    if (kind === wire.bytes) {
      const length = varint();
      fields.push({ number, bytes: bytes.subarray(at, at + length) });
      at += length;
    } else {
      if (kind === wire.varint) varint();
      else at += kind === wire.fixed64 ? 8 : 4;
      fields.push({ number, bytes: undefined });
    }
  }
  return fields;
}
