import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '@timonel/kit/fault.ts';
import { GrupoHilos } from './grupo-hilos.ts';
import type { Pedido } from './trabajo.ts';

/** A thread that does what the title of the document says. */
const MODULO = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ documento: { titulo } }) => {
      if (titulo === 'morir') process.exit(3);
      if (titulo === 'colgar') for (;;);
      if (titulo === 'fallar') parentPort.postMessage({ kind: 'fallo', motivo: 'no puede' });
      else parentPort.postMessage({ kind: 'hecho', bytes: new TextEncoder().encode(titulo) });
    });
    parentPort.postMessage({ kind: 'listo' });
  `)}`,
);

const pedido = (titulo: string): Pedido => ({
  formato: 'pdf',
  documento: { titulo, parrafos: [], lugarYFecha: '', firma: '' },
});
const texto = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function conGrupo(parts: { hilos?: number; espera?: number }, work: (grupo: GrupoHilos) => Promise<void>) {
  const { hilos = 1, espera = 10 } = parts;
  const grupo = await GrupoHilos.abrir({ hilos, esperaMaxima: espera, modulo: MODULO, plazoMs: 300 });
  try {
    await work(grupo);
  } finally {
    await grupo.cerrar();
  }
}

test('each caller gets its own document, more callers than threads', () =>
  conGrupo({ hilos: 2 }, async (grupo) => {
    const titulos = ['a', 'b', 'c', 'd', 'e'];
    const bytes = await Promise.all(titulos.map((titulo) => grupo.hacer(pedido(titulo))));
    assert.deepEqual(bytes.map(texto), titulos);
  }));

test('a thread that dies or hangs fails its own document only and is replaced', () =>
  conGrupo({}, async (grupo) => {
    for (const mal of ['morir', 'colgar']) {
      const [malo, bueno] = await Promise.allSettled([grupo.hacer(pedido(mal)), grupo.hacer(pedido('sigue'))]);
      assert.equal(malo.status, 'rejected');
      assert.equal(bueno.status === 'fulfilled' && texto(bueno.value), 'sigue');
    }
  }));

test('a document that cannot be made is an error with its reason, and the thread goes on', () =>
  conGrupo({}, async (grupo) => {
    await assert.rejects(grupo.hacer(pedido('fallar')), /no puede/);
    assert.equal(texto(await grupo.hacer(pedido('otro'))), 'otro');
  }));

test('when too many wait, one more is refused at once', () =>
  conGrupo({ espera: 1 }, async (grupo) => {
    const [primero, segundo] = [grupo.hacer(pedido('1')), grupo.hacer(pedido('2'))];
    await assert.rejects(grupo.hacer(pedido('3')), (error) => error instanceof Fault && error.status === 503);
    await Promise.all([primero, segundo]);
  }));

test('threads that cannot load stop the start', async () => {
  const modulo = new URL('data:text/javascript,throw new Error("sin fuentes")');
  const abrir = GrupoHilos.abrir({ hilos: 1, esperaMaxima: 1, modulo, plazoMs: 100 });
  await assert.rejects(abrir, /sin fuentes/);
});
