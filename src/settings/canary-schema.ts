import { z } from 'zod';
import { demands } from '#core/messages/demands.ts';
import { duration, line } from './forms.ts';

/* `x-timonel.strategy` of the kind `canary`. */

/** The proxy's weights cannot give one of two instances less, percent; its share would be more than what was asked for. */
const smallest = 0.4;

/** Percent, from `25%` or from a number. */
const percent = z
  .union([z.number(), z.string()], demands.share.en)
  .transform((value, context) => {
    const number =
      typeof value === 'number' ? value : Number(/^(\d+(?:\.\d+)?) ?%$/.exec(value.trim())?.[1] ?? Number.NaN);
    if (number === 0 || (number >= smallest && number <= 100)) return number;
    context.addIssue({ code: 'custom', message: demands.share.en });
    return z.NEVER;
  })
  .meta({ type: 'percent' });

const pause = z.union([z.literal('forever'), duration]);

const step = z.union(
  [
    percent,
    z.strictObject({
      weight: percent.meta({ description: 'Share of the requests that the new release gets.' }),
      pause: pause
        .optional()
        .meta({ description: 'How long it stays at least; `forever` waits for `timonel promote`.' }),
    }),
  ],
  demands.step.en,
);

type GivenStep = z.output<typeof step>;

function weightOf(given: GivenStep): number {
  return typeof given === 'number' ? given : given.weight;
}

const steps = z
  .array(step, demands.steps.en)
  .nonempty(demands.someStep.en)
  .refine((list) => list.every((one, at) => at === 0 || weightOf(one) > weightOf(list[at - 1] as GivenStep)), {
    message: demands.growing.en,
  })
  .meta({
    description: 'The growing shares, 0% or at least 0.4%. The last is 100%, written or not.',
    default: '5%, 25%, 50%, 100%',
  });

const name = z.string().regex(/^[\w-]+$/, { message: demands.name.en });
const values = z.record(name, line);

const match = z
  .strictObject({
    header: values.optional().meta({ description: 'Names and values of headers.' }),
    cookie: values.optional().meta({ description: 'Names and values of cookies.' }),
  })
  .meta({
    description:
      "A tester's way in: requests that carry any of these reach the new release at every share, 0% included.",
  });

const sticky = z
  .union([z.boolean(), z.strictObject({ cookie: name.optional(), maxAge: duration.optional() })], demands.sticky.en)
  .meta({
    description: 'A client stays on its side, by a cookie that holds a number drawn at its first request.',
    default: 'no; cookie timonel_canary, 1h',
  });

const times = z.number().positive().meta({ description: 'At most so many times what the old release has.' });
const ratio = z.number(demands.ratio.en).min(0, demands.ratio.en).max(1, demands.ratio.en);

/** Bounds of which none is set would never let the canary pass. */
function isBound(given: { readonly max?: unknown; readonly timesStable?: unknown }): boolean {
  return given.max !== undefined || given.timesStable !== undefined;
}

const errorBound = z.union(
  [
    ratio,
    z
      .strictObject({
        max: ratio.optional().meta({ description: 'At most so much, whatever the old release has.' }),
        timesStable: times.optional(),
        floor: ratio.optional().meta({ description: 'Below this nothing is too much beside the old release.' }),
      })
      .refine(isBound, { message: demands.bound.en }),
  ],
  demands.ratio.en,
);

const timeBound = z.union([
  duration,
  z
    .strictObject({
      max: duration.optional().meta({ description: 'At most so long, whatever the old release needs.' }),
      timesStable: times.optional(),
      floor: duration.optional().meta({ description: 'Below this nothing is too slow beside the old release.' }),
    })
    .refine(isBound, { message: demands.bound.en }),
]);

const demand = {
  max: z.number().optional(),
  min: z.number().optional(),
};

const url = z.string().refine((text) => /^https?:\/\/[^/\s]+/.test(text) && URL.canParse(text), {
  message: demands.address.en,
});

const check = z.union([
  z
    .strictObject({
      prometheus: url.meta({
        description: 'The server; its `/api/v1/query` is asked. `http://NAME:PASSWORD@HOST` for basic authentication.',
      }),
      query: z.string().min(1).meta({ description: 'PromQL; the first value of the answer counts.' }),
      ...demand,
    })
    .refine((one) => one.max !== undefined || one.min !== undefined, { message: demands.maxOrMin.en }),
  z.strictObject({
    http: z
      .union([z.string().startsWith('/'), url], demands.addressOrPath.en)
      .meta({ description: 'An address, or a path that every new instance is asked for.' }),
    status: z
      .union([z.number().int(), z.array(z.number().int()).nonempty()])
      .optional()
      .meta({ default: '200 to 299' }),
    json: z.string().min(1).optional().meta({ description: 'Dotted path into the answer, such as `data.0.value`.' }),
    equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
    ...demand,
  }),
]);

const analysis = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        interval: duration.optional().meta({ description: 'How often a verdict is taken.', default: '15s' }),
        minRequests: z
          .number()
          .int()
          .min(1)
          .optional()
          .meta({ description: 'Fewer requests than this say nothing about a release.', default: 50 }),
        errorRatio: errorBound
          .optional()
          .meta({ description: 'Answers of 500 and above, and none at all, per request.', default: 'max 0.05' }),
        p50: timeBound.optional(),
        p95: timeBound.optional().meta({ default: 'timesStable 2, floor 100ms' }),
        p99: timeBound.optional(),
        checks: z
          .array(check)
          .optional()
          .meta({ description: 'What others say of the release, asked every interval.' }),
        inconclusive: z
          .strictObject({
            for: duration
              .optional()
              .meta({ description: 'How long to wait for more beyond the pause.', default: '10m' }),
            action: z
              .enum(['fail', 'pause', 'promote'])
              .optional()
              .meta({ description: '`pause` waits for `timonel promote` or `abort`.', default: 'fail' }),
          })
          .optional()
          .meta({ description: 'What becomes of a share at which there was too little to judge by.' }),
      }),
    ],
    demands.analysis.en,
  )
  .meta({
    description:
      'What the new release is judged by beside the old one; `false` judges by its life and its probe alone.',
  });

export const canarySettings = z.strictObject({
  kind: z.literal('canary'),
  steps: steps.optional(),
  pause: pause.optional().meta({ description: 'For shares that name none.', default: '1m' }),
  match: match.optional(),
  sticky: sticky.optional(),
  analysis: analysis.optional(),
});

export type CanarySettings = z.output<typeof canarySettings>;
