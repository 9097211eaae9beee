import { Counter, Gauge, type Registry } from 'prom-client';
import type { ServicioExterno } from './fallas.ts';
import type { Formato } from './render/formatos.ts';

/** What this system counts beyond requests. */
export type Metricas = {
  certificado(formato: Formato): void;
  cache(clase: string, resultado: 'hit' | 'miss' | 'corrupt'): void;
  externo(servicio: ServicioExterno, resultado: string): void;
};

/** Registers the counters in `registry`; `enEspera` is read at each scrape. */
export function crearMetricas(registry: Registry, enEspera: () => number): Metricas {
  const registers = [registry];
  const certificados = new Counter({
    name: 'documentos_certificados_total',
    help: 'Certificates issued.',
    labelNames: ['formato'],
    registers,
  });
  const cache = new Counter({
    name: 'documentos_cache_total',
    help: 'Reads of the cache.',
    labelNames: ['clase', 'resultado'],
    registers,
  });
  const externos = new Counter({
    name: 'documentos_upstream_total',
    help: 'Requests to the upstream services, each attempt counted, by status.',
    labelNames: ['servicio', 'resultado'],
    registers,
  });
  new Gauge({
    name: 'documentos_render_en_espera',
    help: 'Documents that wait for a render thread.',
    registers,
    collect() {
      this.set(enEspera());
    },
  });
  return {
    certificado: (formato) => certificados.inc({ formato }),
    cache: (clase, resultado) => cache.inc({ clase, resultado }),
    externo: (servicio, resultado) => externos.inc({ servicio, resultado }),
  };
}
