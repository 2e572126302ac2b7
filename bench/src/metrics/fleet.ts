import { sampled } from '../processes/take-sample.ts';
import type { FleetOptions, FleetResult } from '../fleet/simulate.ts';
import { type Figure, figuresOf } from '../figures/figures.ts';
import type { Metric } from '../figures/types.ts';

type Settings = FleetOptions['settings'];

/** What everybody gets, and what peers do. */
const settings = {
  defaults: {},
  'in step': { refresh: { jitterRatio: 0, pastCache: false }, reauthWindowMs: 0 },
} as const satisfies Record<string, Settings>;

type Scenario = Pick<FleetOptions, 'source' | 'happens' | 'reconnect'>;

/** A run is the same whenever it is made: those that several metrics compare with are made once. */
const simulated = new Map<string, Promise<FleetResult>>();

function simulate(scenario: Scenario, given: Settings, quick: boolean): Promise<FleetResult> {
  const options: FleetOptions = { processes: 20_000, ...scenario, connectionsEach: 50, settings: given, seed: 1 };
  const scaled = quick ? { ...options, processes: 20 } : options;
  const key = JSON.stringify(scaled);
  const result = simulated.get(key) ?? sampled('fleet', scaled);
  simulated.set(key, result);
  return result;
}

const peakOfAuths: Figure<FleetResult>['pick'] = ({ reauthPeak, evenReauths }) => reauthPeak / evenReauths;
const peakOfRequests: Figure<FleetResult>['pick'] = ({ requestPeak, evenRequests }) => requestPeak / evenRequests;
const peakOfHandshakes: Figure<FleetResult>['pick'] = ({ handshakePeak, evenReauths }) => handshakePeak / evenReauths;

function compared(
  prefix: string,
  scenario: Scenario,
  picks: Record<string, Omit<Figure<FleetResult>, 'name' | 'peerName'>>,
): Metric[] {
  return figuresOf(
    async (quick) => ({
      ours: () => simulate(scenario, settings.defaults, quick),
      peer: () => simulate({ ...scenario, reconnect: 'client' }, settings['in step'], quick),
    }),
    Object.entries(picks).map(([name, figure]) => ({
      name: `${prefix}${name}`,
      peerName: 'no jitter, AUTH on all connections at once',
      runs: 1,
      ...figure,
    })),
  );
}

const seriesOf =
  (what: keyof FleetResult['byMinute'], label: string): NonNullable<Figure<FleetResult>['seriesOf']> =>
  ({ byMinute }) => ({ unit: `${label}, the highest second of each minute`, points: byMinute[what] });

const auths = {
  seriesOf: seriesOf('reauths', 'AUTHs per second'),
  pick: peakOfAuths,
  unit: 'times the even spread of AUTHs, in the worst second',
};
const requests = {
  seriesOf: seriesOf('requests', 'token requests per second'),
  pick: peakOfRequests,
  unit: 'times the even spread of token requests, in the worst minute',
  goal: 'recorded',
};
const handshakes = {
  seriesOf: seriesOf('handshakes', 'handshakes per second'),
  pick: peakOfHandshakes,
  unit: 'handshakes in the worst second, as times the even spread of AUTHs',
  goal: 'recorded',
};
const deployment = { source: 'fresh', happens: 'nothing', reconnect: 'client' } as const;
const behindMsal = { ...deployment, source: 'msal' } as const;

export const fleets: readonly Metric[] = [
  ...compared('fleet/', deployment, {
    'peak-auth-rate': { ...auths, goal: 'ours <= 1.5' },
    'peak-token-rate': { ...requests, goal: 'ours <= 1.5' },
  }),
  ...compared(
    'fleet/outage/',
    { ...deployment, happens: 'outage' },
    {
      'peak-auth-rate': { ...auths, goal: 'recorded' },
      'peak-token-rate': requests,
      'peak-handshake-rate': handshakes,
    },
  ),
  ...compared(
    'fleet/restart/',
    { ...deployment, happens: 'restart', reconnect: 'spread' },
    {
      'peak-auth-rate': { ...auths, goal: 'recorded' },
      'peak-handshake-rate': handshakes,
    },
  ),
  ...compared('fleet/msal/', behindMsal, {
    'peak-auth-rate': { ...auths, goal: 'ours <= 1.5' },
    'peak-token-rate': { ...requests, goal: 'ours <= 1.5' },
  }),
];
