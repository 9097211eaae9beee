import { message } from './message.ts';

/** What can be wrong with a certificate file and its key. */
export const pemProblems = {
  'no-certificate': {
    en: 'it holds no certificate in PEM form',
    es: 'no contiene ningún certificado en formato PEM',
  },
  'no-key': { en: 'there is no private key in PEM form', es: 'no hay ninguna clave privada en formato PEM' },
  'other-key': { en: 'the key belongs to another certificate', es: 'la clave es de otro certificado' },
} as const;

/** A reason in Spanish; what a system or a library says stays as it is. */
function inSpanish(reason: string): string {
  return Object.values(pemProblems).find((one) => one.en === reason)?.es ?? reason;
}

/** What is said about certificates: where they come from, why one is missing, when one expires. */
export const certificateMessages = {
  CERTIFICATE_FILE: message<{ host: string; file: string; reason: string }>({
    en: (f) => `the certificate of ${f.host} in ${f.file} cannot be used: ${f.reason}`,
    es: (f) => `el certificado de ${f.host} en ${f.file} no se puede usar: ${inSpanish(f.reason)}`,
    hint: {
      en: 'put certificate with chain and its own key there, in PEM form; it is noticed by itself',
      es: 'ponga ahí el certificado con su cadena y su propia clave, en formato PEM; se nota solo',
    },
  }),
  CERTIFICATE_NAME: message<{ host: string; file: string; names: string }>({
    en: (f) => `the certificate in ${f.file} is for ${f.names}, not for ${f.host}: browsers will refuse it`,
    es: (f) => `el certificado de ${f.file} es para ${f.names}, no para ${f.host}: los navegadores lo rechazarán`,
    hint: { en: (f) => `get one for ${f.host}`, es: (f) => `consiga uno para ${f.host}` },
  }),
  CERTIFICATE_INCOMPLETE: message<{ host: string; missing: string }>({
    en: (f) => `the certificate of ${f.host} is not for ${f.missing} yet; another one is ordered`,
    es: (f) => `el certificado de ${f.host} aún no es para ${f.missing}; se pide otro`,
    hint: { en: 'see how far it is: timonel certificates', es: 'vea cómo va: timonel certificates' },
  }),
  CERTIFICATE_EXPIRED: message<{ host: string; at: string }>({
    en: (f) => `the certificate of ${f.host} expired on ${f.at}: browsers refuse it`,
    es: (f) => `el certificado de ${f.host} caducó el ${f.at}: los navegadores lo rechazan`,
    hint: { en: 'see why: timonel certificates', es: 'vea por qué: timonel certificates' },
  }),
  CERTIFICATE_EXPIRES: message<{ host: string; at: string; days: number }>({
    en: (f) => `the certificate of ${f.host} expires in ${f.days} days, on ${f.at}`,
    es: (f) => `el certificado de ${f.host} caduca en ${f.days} días, el ${f.at}`,
    hint: { en: 'see what is done about it: timonel certificates', es: 'vea qué se hace: timonel certificates' },
  }),
  CERTIFICATE_PENDING: message<{ host: string; authority: string }>({
    en: (f) => `${f.host} answers with a self-signed certificate until ${f.authority} has issued one`,
    es: (f) => `${f.host} responde con un certificado autofirmado hasta que ${f.authority} emita uno`,
    hint: { en: 'see how far it is: timonel certificates', es: 'vea cómo va: timonel certificates' },
  }),
  CERTIFICATE_ORDER_FAILED: message<{ host: string; authority: string; reason: string; notBeforeMs?: number }>({
    en: (f) => `${f.authority} issued no certificate for ${f.host}: ${f.reason}`,
    es: (f) => `${f.authority} no emitió ningún certificado para ${f.host}: ${f.reason}`,
    hint: {
      en: 'mend the cause and try at once: timonel certificates retry',
      es: 'corrija la causa e inténtelo ya: timonel certificates retry',
    },
  }),
  CERTIFICATE_NO_ADDRESS: message<{ host: string }>({
    en: (f) => `DNS knows no address of ${f.host}, so no certificate was ordered`,
    es: (f) => `el DNS no conoce ninguna dirección de ${f.host}, así que no se pidió certificado`,
    hint: {
      en: (f) => `make ${f.host} point to this machine, then: timonel certificates retry`,
      es: (f) => `haga que ${f.host} apunte a esta máquina, y luego: timonel certificates retry`,
    },
  }),
  CERTIFICATE_HOOK_FAILED: message<{ host: string; hook: string; reason: string }>({
    en: (f) => `the DNS command ${f.hook} failed for ${f.host}: ${f.reason}`,
    es: (f) => `el comando de DNS ${f.hook} falló para ${f.host}: ${f.reason}`,
    hint: {
      en: 'run it by hand with the same variables (docs/tls.md), then: timonel certificates retry',
      es: 'ejecútelo a mano con las mismas variables (docs/tls.md), y luego: timonel certificates retry',
    },
  }),
  CERTIFICATE_UNKNOWN: message<{ host: string; known: string }>({
    en: (f) => `no certificate is ordered for ${f.host}${f.known ? `; for these: ${f.known}` : ''}`,
    es: (f) => `no se pide ningún certificado para ${f.host}${f.known ? `; para estos: ${f.known}` : ''}`,
    hint: { en: 'list them: timonel certificates', es: 'lístelos: timonel certificates' },
  }),
  ROUTE_ACME: message<{ route: string; hosts: string; authority: string }>({
    en: (f) =>
      `certificates for ${f.hosts} (route ${f.route}) are ordered from ${f.authority}, which accepts its terms of service; a self-signed one serves until they come`,
    es: (f) =>
      `los certificados para ${f.hosts} (ruta ${f.route}) se piden a ${f.authority}, lo que acepta sus condiciones; hasta que lleguen sirve uno autofirmado`,
  }),
  ROUTE_ACME_NAME: message<{ route: string; host: string }>({
    en: (f) => `no public authority issues a certificate for ${f.host} (route ${f.route}); it gets a self-signed one`,
    es: (f) => `ninguna autoridad pública emite certificados para ${f.host} (ruta ${f.route}); recibe uno autofirmado`,
  }),
  ROUTE_ACME_NO_HOST: message<{ route: string }>({
    en: (f) => `route ${f.route} names no host, so there is no name to order a certificate for`,
    es: (f) => `la ruta ${f.route} no nombra ningún host, así que no hay nombre para el que pedir certificado`,
    hint: {
      en: 'add a host to the route, or say for which names: tls.domains[0].main as a label, tls.names in x-timonel.route',
      es: 'añada un host a la ruta, o diga para qué nombres: tls.domains[0].main como etiqueta, tls.names en x-timonel.route',
    },
  }),
  ROUTE_ACME_WILDCARD: message<{ route: string; hosts: string }>({
    en: (f) =>
      `a certificate for ${f.hosts} (route ${f.route}) can only be ordered with dns-01: a wildcard is shown to be yours in DNS`,
    es: (f) =>
      `un certificado para ${f.hosts} (ruta ${f.route}) solo se puede pedir con dns-01: que un comodín es suyo se demuestra en el DNS`,
    hint: {
      en: 'write x-timonel: {acme: {challenge: dns-01, hook: [./dns-record.sh]}}, see docs/tls.md; or name each host',
      es: 'escriba x-timonel: {acme: {challenge: dns-01, hook: [./registro-dns.sh]}}, vea docs/tls.md; o nombre cada host',
    },
  }),
};
