import type { Alumno, Especialidad, Facultad, Universidad } from './alumno.ts';

/** What a certificate needs; a field that is empty would print a sentence with a hole. */
export type Contexto = {
  readonly alumno: Alumno;
  readonly especialidad: Especialidad;
  readonly facultad: Facultad;
  readonly universidad: Universidad;
  readonly fecha: string;
};

/** A stretch of text in one weight. */
export type Tramo = { readonly texto: string; readonly negrita?: true };

/** The certificate as words, the same for the three formats, so that none can say more or less than another. */
export type Documento = {
  readonly titulo: string;
  readonly parrafos: readonly (readonly Tramo[])[];
  readonly lugarYFecha: string;
  readonly firma: string;
};

/** Writes the certificate of regular student. */
export function redactar({ alumno, especialidad, facultad, universidad, fecha }: Contexto): Documento {
  const n = (texto: string): Tramo => ({ texto });
  const b = (texto: string): Tramo => ({ texto, negrita: true });
  const lugar = `${facultad.ciudad}, ${facultad.provincia}`.toLocaleUpperCase('es-AR');
  return {
    titulo: 'CERTIFICADO DE ALUMNO REGULAR',
    parrafos: [
      [
        n('La autoridad académica certifica que '),
        b(`${alumno.apellido}, ${alumno.nombre}`),
        n(', con '),
        b(`${alumno.tipoDocumento.sigla} ${alumno.nrodocumento}`),
        n(' y legajo número '),
        b(alumno.legajo),
        n(', es '),
        b('estudiante regular'),
        n(' de la especialidad '),
        b(especialidad.nombre),
        n(', que se dicta en la '),
        b(facultad.nombre),
        n(' de la '),
        b(universidad.nombre),
        n('.'),
      ],
      [
        n('Se extiende el presente certificado a pedido de la persona interesada, '),
        n('para ser presentado donde corresponda, sin enmiendas ni raspaduras.'),
      ],
    ],
    lugarYFecha: `${lugar}, ${fecha}.`,
    firma: 'Firma y sello de la autoridad',
  };
}
