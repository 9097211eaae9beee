/** The fixed students of mock mode, as invented rows; the stub of the upstream services serves the same ones. */
export type FilaAlumno = {
  readonly id: number;
  readonly nombre: string;
  readonly apellido: string;
  readonly nrodocumento: string;
  readonly legajo: string;
  readonly carrera: Codigo;
};

export type Codigo = 'ISI' | 'IEM' | 'IQ' | 'IC';

export const CARRERAS = {
  ISI: { id: 1, nombre: 'Ingeniería en Sistemas de Información', letra: 'K' },
  IEM: { id: 2, nombre: 'Ingeniería Electromecánica', letra: 'M' },
  IQ: { id: 3, nombre: 'Ingeniería Química', letra: 'Q' },
  IC: { id: 4, nombre: 'Ingeniería Civil', letra: 'C' },
} as const satisfies Record<Codigo, { id: number; nombre: string; letra: string }>;

export const FACULTAD = { nombre: 'Facultad Regional San Rafael', ciudad: 'San Rafael', provincia: 'Mendoza' } as const;

export const UNIVERSIDAD = { nombre: 'Universidad Tecnológica Nacional' } as const;

export const DNI = { id: 1, sigla: 'DNI', nombre: 'Documento Nacional de Identidad' } as const;

export const ALUMNOS: readonly FilaAlumno[] = [
  fila(1, 'María Belén', 'Muñoz Agüero', '41236587', '10473', 'ISI'),
  fila(2, 'Ignacio', 'Peñaloza', '40918273', '10512', 'ISI'),
  fila(3, 'Lucía', 'Ibáñez', '42650194', '20318', 'IEM'),
  fila(5, 'Joaquín', 'Echeverría', '39847561', '10698', 'ISI'),
  fila(8, 'Sofía', 'Güiraldes', '43102938', '30127', 'IQ'),
  fila(13, 'Tomás', 'Núñez Cortés', '38475920', '40256', 'IC'),
  fila(21, 'Renata', "D'Ángelo", '44019283', '10941', 'ISI'),
  fila(34, 'Bautista', 'Zúñiga', '41758392', '20467', 'IEM'),
];

function fila(
  id: number,
  nombre: string,
  apellido: string,
  nrodocumento: string,
  legajo: string,
  carrera: Codigo,
): FilaAlumno {
  return { id, nombre, apellido, nrodocumento, legajo, carrera };
}
