/**
 * Rent Manager 12's Web API, played in memory.
 *
 *   budget -> log-in routes | token -> location -> route
 *
 * Promises: what public material says of the wire is what happens here; where it is silent the nearest comment says
 * that we inferred. Each location has its own records. Fails: never by throwing for a bad request.
 */
import type { SimulatedRequest, SimulatedResponse, Simulator, World } from '../simulator.ts';
import { errorModel, Refusal, unauthorized } from './answers.ts';
import { isJsonObject } from './bind.ts';
import { Call, parametersOf, parseJson, SLUG } from './call.ts';
import { DEFAULT_LOCATION_ID, DEMO_USER, LOCATIONS } from './demo/account.ts';
import { demoRecords } from './demo/demo-records.ts';
import type { Records } from './records.ts';
import { RateWindow } from './rate-window.ts';
import { answerCall } from './routes.ts';
import { Tokens } from './tokens.ts';

const API_VERSION = '12.2605.9670.0';

export class RentManagerSimulator implements Simulator {
  readonly vendor = 'RENTMANAGER';
  readonly slug = SLUG;
  readonly demoCredentials = {
    companyId: 'demo',
    Username: DEMO_USER.username,
    Password: DEMO_USER.password,
    locationId: String(DEFAULT_LOCATION_ID),
  };

  private tokens = new Tokens();
  private budget = new RateWindow();
  private locations = demoLocations();

  reset(): void {
    this.tokens = new Tokens();
    this.budget = new RateWindow();
    this.locations = demoLocations();
  }

  handle(request: SimulatedRequest, world: World): SimulatedResponse {
    const { exceeded, headers } = this.budget.spend(world.now(), world.rateLimits);
    const common = { ...headers, 'x-api-version': API_VERSION };
    const answer = exceeded && world.rateLimits ? OVER_BUDGET : this.answer(request, world);
    return { ...answer, headers: { ...common, ...answer.headers } };
  }

  private answer(request: SimulatedRequest, world: World): SimulatedResponse {
    try {
      return this.logInRoute(request, world) ?? this.authorized(request, world);
    } catch (error) {
      if (error instanceof Refusal) return error.response;
      throw error;
    }
  }

  private logInRoute(request: SimulatedRequest, world: World): SimulatedResponse | undefined {
    if (request.method !== 'POST') return undefined;
    switch (request.path.toLowerCase()) {
      case '/authentication/authorizeuser':
        return { status: 200, body: this.logIn(parseJson(request.body), world.now()) };
      case '/authentication/deauthorize':
        this.tokens.release(parametersOf(request.query).get('token') ?? '');
        return { status: 200 };
      default:
        return undefined;
    }
  }

  private logIn(body: unknown, now: Date): string {
    const sent = new Map(Object.entries(isJsonObject(body) ? body : {}).map(([name, value]) => [name.toLowerCase(), value]));
    if (sent.get('username') !== DEMO_USER.username || sent.get('password') !== DEMO_USER.password) {
      throw unauthorized('The user name or the password is wrong.');
    }
    const locationId = Number(sent.get('locationid') ?? DEFAULT_LOCATION_ID);
    this.recordsAt(locationId);
    return this.tokens.issue(DEMO_USER, locationId, now);
  }

  private authorized(request: SimulatedRequest, world: World): SimulatedResponse {
    const token = this.tokens.use(request.headers['x-rm12api-apitoken'], world.now());
    const asked = request.headers['x-rm12api-locationid'];
    const records = this.recordsAt(asked === undefined ? token.locationId : Number(asked));
    const answer = answerCall(new Call(request, world, records, token.user));
    return { ...answer, headers: { 'x-api-user': token.user.username, ...answer.headers } };
  }

  private recordsAt(locationId: number): Records {
    const records = this.locations.get(locationId);
    if (records !== undefined) return records;
    throw new Refusal(errorModel(403, 'ApiAuthorizationException', `This user has no access to location ${locationId}.`));
  }
}

const OVER_BUDGET: SimulatedResponse = errorModel(
  429,
  'ApiRateLimitException',
  'The budget of this minute is spent; wait until x-ratelimit-reset.',
);

function demoLocations(): ReadonlyMap<number, Records> {
  return new Map(LOCATIONS.map(({ LocationID }) => [LocationID, demoRecords(LocationID)]));
}
