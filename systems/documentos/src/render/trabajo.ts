import type { Documento } from '../modelo/redaccion.ts';
import type { Formato } from './formatos.ts';

/** What the main thread sends to a render thread. */
export type Pedido = { readonly formato: Formato; readonly documento: Documento };

/** What a render thread says: once that it is ready, then one answer a request. */
export type Respuesta =
  | { readonly kind: 'listo' }
  | { readonly kind: 'hecho'; readonly bytes: Uint8Array }
  | { readonly kind: 'fallo'; readonly motivo: string };
