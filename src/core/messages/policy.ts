import { message } from './message.ts';
import { type Demand, type Instead, inSpanish } from './policy-words.ts';

/** What is said about middlewares and the policy of routes. */
export const policyMessages = {
  POLICY_UNATTACHED: message<{ middleware: string }>({
    en: (f) => `middleware ${f.middleware} is defined but no router uses it, so it does nothing`,
    es: (f) => `el middleware ${f.middleware} está definido pero ningún router lo usa, así que no hace nada`,
    hint: {
      en: (f) => `name it in a router: traefik.http.routers.NAME.middlewares=${f.middleware}; or remove its labels`,
      es: (f) =>
        `nómbrelo en un router: traefik.http.routers.NOMBRE.middlewares=${f.middleware}; o quite sus etiquetas`,
    },
  }),
  POLICY_TWO_KINDS: message<{ middleware: string; kinds: string }>({
    en: (f) => `middleware ${f.middleware} is of several kinds (${f.kinds}); Traefik refuses it as a whole`,
    es: (f) => `el middleware ${f.middleware} es de varios tipos (${f.kinds}); Traefik lo rechaza entero`,
    hint: {
      en: (f) => `give each kind a name of its own, and list them: middlewares=${f.middleware}-a,${f.middleware}-b`,
      es: (f) => `dé a cada tipo su propio nombre, y lístelos: middlewares=${f.middleware}-a,${f.middleware}-b`,
    },
  }),
  POLICY_UNKNOWN_MIDDLEWARE: message<{ middleware: string; label: string; nearest: string | undefined }>({
    en: (f) =>
      `${f.label} names middleware ${f.middleware}, which no label defines${f.nearest ? `; did you mean ${f.nearest}?` : ''}`,
    es: (f) =>
      `${f.label} nombra el middleware ${f.middleware}, que ninguna etiqueta define${f.nearest ? `; ¿quiso decir ${f.nearest}?` : ''}`,
    hint: {
      en: "define it in labels of this file, or take it from the list; files of Traefik's own are not read",
      es: 'defínalo en etiquetas de este archivo, o quítelo de la lista; los archivos propios de Traefik no se leen',
    },
  }),
  POLICY_UNKNOWN_SERVICE: message<{ label: string; service: string; nearest: string | undefined }>({
    en: (f) =>
      `${f.label} names service ${f.service}, which neither a label nor the Compose file defines${f.nearest ? `; did you mean ${f.nearest}?` : ''}`,
    es: (f) =>
      `${f.label} nombra el servicio ${f.service}, que ni una etiqueta ni el archivo Compose definen${f.nearest ? `; ¿quiso decir ${f.nearest}?` : ''}`,
  }),
  POLICY_SERVICE_PORT: message<{ label: string; service: string }>({
    en: (f) => `${f.label}: nothing says on which port service ${f.service} speaks HTTP`,
    es: (f) => `${f.label}: nada dice en qué puerto habla HTTP el servicio ${f.service}`,
    hint: {
      en: (f) => `give it: traefik.http.services.${f.service}.loadbalancer.server.port, ports or expose`,
      es: (f) => `dígalo: traefik.http.services.${f.service}.loadbalancer.server.port, ports o expose`,
    },
  }),
  POLICY_CHAIN_CYCLE: message<{ middleware: string }>({
    en: (f) => `middleware chain ${f.middleware} contains itself`,
    es: (f) => `la cadena de middlewares ${f.middleware} se contiene a sí misma`,
  }),
  POLICY_UNKNOWN_KIND: message<{ label: string; kind: string; nearest: string | undefined }>({
    en: (f) => `${f.label}: there is no middleware of kind ${f.kind}${f.nearest ? `; did you mean ${f.nearest}?` : ''}`,
    es: (f) => `${f.label}: no hay middleware del tipo ${f.kind}${f.nearest ? `; ¿quiso decir ${f.nearest}?` : ''}`,
    hint: { en: 'the kinds that count are in docs/labels.md', es: 'los tipos que cuentan están en docs/labels.md' },
  }),
  POLICY_UNKNOWN_OPTION: message<{ label: string; option: string; nearest: string | undefined }>({
    en: (f) => `${f.label}: there is no option ${f.option}${f.nearest ? `; did you mean ${f.nearest}?` : ''}`,
    es: (f) => `${f.label}: no hay opción ${f.option}${f.nearest ? `; ¿quiso decir ${f.nearest}?` : ''}`,
    hint: { en: 'correct its name, or remove the label', es: 'corrija su nombre, o quite la etiqueta' },
  }),
  POLICY_VALUE: message<{ label: string; demand: Demand; value: string }>({
    en: (f) => `${f.label} must be ${f.demand}, not "${f.value}"`,
    es: (f) => `${f.label} debe ser ${inSpanish(f.demand)}, no "${f.value}"`,
  }),
  POLICY_MISSING: message<{ label: string; option: string }>({
    en: (f) => `${f.label} needs its option ${f.option}`,
    es: (f) => `a ${f.label} le falta su opción ${f.option}`,
  }),
  POLICY_UNSUPPORTED: message<{ label: string; instead: Instead }>({
    en: (f) => `${f.label} cannot be honoured: ${f.instead}`,
    es: (f) => `${f.label} no se puede aplicar: ${inSpanish(f.instead)}`,
    hint: { en: 'remove the label, or do it in the service', es: 'quite la etiqueta, o hágalo en el servicio' },
  }),
  POLICY_EXPRESSION: message<{ label: string; reason: string; column: number }>({
    en: (f) => `the expression in ${f.label} cannot be read at character ${f.column}: ${f.reason}`,
    es: (f) => `no se entiende la expresión de ${f.label} en el carácter ${f.column}: ${f.reason}`,
  }),
  POLICY_TOO_MANY_KEYS: message<{ route: string; limit: number }>({
    en: (f) => `route ${f.route} counts requests by more than ${f.limit} different keys at once`,
    es: (f) => `la ruta ${f.route} cuenta peticiones por más de ${f.limit} claves distintas a la vez`,
    hint: {
      en: 'let limits share a key (address, host, one header), or move one into the service',
      es: 'haga que los límites compartan clave (dirección, host, una cabecera), o pase uno al servicio',
    },
  }),
  POLICY_NEEDS_MATCH: message<{ service: string }>({
    en: (f) =>
      `x-timonel.route of ${f.service} has a policy but no host or path, and no label makes a route: requests through published ports are not touched by it`,
    es: (f) =>
      `x-timonel.route de ${f.service} tiene política pero ni host ni path, y ninguna etiqueta hace una ruta: no toca las peticiones por puertos publicados`,
    hint: { en: 'add host or path', es: 'añada host o path' },
  }),
};
