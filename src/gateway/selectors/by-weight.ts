// Mode by-weight: targets take turns, each as often as its weight says.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Decision } from "../../core/exchange-record.ts";
import { admit, isOpen, standingOf, standingReasons } from "../targets/standing.ts";
import type { Selectable, Selector, Standing, Target } from "./selector.ts";

export interface WeightedTarget {
  readonly target: Target;
  /** Whole, 0 or more; 0 = never. */
  readonly weight: number;
}

export interface WeightTools {
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

interface Row extends WeightedTarget {
  /** Of a turn in which nothing stood in its way; the same object for every request. */
  readonly decision: Decision;
}

/** A target whose turn it is. */
interface Turn {
  readonly row: Row;
  readonly standing: Standing;
  /** How many turns it is away. */
  readonly ahead: number;
}

/** Which closed target is the least bad: one that may answer all the same, then one that says when to come back. */
const closedRank: Readonly<Partial<Record<Standing, number>>> = { ejected: 0, refused: 0, resting: 1 };
const lastRank = 2;

/**
 * Walks round and round a list of turns that holds each target in proportion to its weight. Turns of targets that are
 * closed are used up on the way to the next that is open, so that their share falls to the others in proportion.
 */
export function createByWeightSelector(targets: readonly WeightedTarget[], tools: WeightTools): Selector {
  // Made by the first request: a new configuration makes the selectors of every Model API anew, asked or not.
  let round: Round | undefined;
  let position = 0;
  return {
    select(request) {
      if (round === undefined) {
        round = roundOf(targets);
        // If restarts, workers and new configurations all began with the heaviest, it would get more than its share.
        position = Math.floor(tools.random() * round.turns.length);
      }
      const row = round.turns[position];
      if (row === undefined) throw nothingWeighs();
      const nowMs = tools.clock.monotonicMs();
      let turn: Turn = { row, standing: admit(row.target, request, nowMs), ahead: 0 };
      let { decision } = row;
      if (turn.standing !== "ready" || request.dryRun) {
        const look: Look = { request, nowMs, standings: new Map([[row, turn.standing]]) };
        if (!isOpen(turn.standing)) turn = nextTurn(round, position, look);
        decision = explained(round.rows, turn, look);
      }
      if (!request.dryRun) position = (position + turn.ahead + 1) % round.turns.length;
      return { target: turn.row.target, standing: turn.standing, decision };
    },
  };
}

/** All turns once. */
interface Round {
  readonly rows: readonly Row[];
  readonly turns: readonly Row[];
  /** How many targets have turns. */
  readonly distinct: number;
}

/** Each target at even distances, so that no stretch of turns is far from the shares. */
function roundOf(targets: readonly WeightedTarget[]): Round {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  const candidates = candidatesOf(targets, new Map());
  const rows = targets.map((row) => ({
    ...row,
    decision: { mode: "by-weight", reason: `weight ${row.weight} of ${total}`, candidates },
  }));
  const divisor = rows.reduce((common, { weight }) => greatestCommonDivisor(common, weight), 0);
  const weighing = rows.filter(({ weight }) => weight > 0);
  const turns = weighing
    .flatMap((row) => {
      const count = row.weight / divisor;
      return Array.from({ length: count }, (_, index) => ({ row, at: (index + 0.5) / count }));
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ row }) => row);
  return { rows, turns, distinct: weighing.length };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** What is known of the targets at the time of a request. */
interface Look {
  readonly request: Selectable;
  readonly nowMs: number;
  /** Gets what is found out. */
  readonly standings: Map<Row, Standing>;
}

/** The next open target; where all are closed, the first of the least bad. */
function nextTurn({ turns, distinct }: Round, position: number, look: Look): Turn {
  const { request, nowMs, standings } = look;
  let best: (Turn & { readonly rank: number }) | undefined;
  for (let ahead = 0; ahead < turns.length; ahead += 1) {
    const row = turns[(position + ahead) % turns.length];
    if (standings.size === distinct && best !== undefined) break;
    if (row === undefined || (best !== undefined && standings.has(row))) continue;
    const standing = standings.get(row) ?? admit(row.target, request, nowMs);
    standings.set(row, standing);
    if (isOpen(standing)) return { row, standing, ahead };
    const rank = closedRank[standing] ?? lastRank;
    if (best === undefined || rank < best.rank) best = { row, standing, ahead, rank };
  }
  if (best === undefined) throw nothingWeighs();
  return best;
}

/** The share that the chosen target has now, and who was left out and why. */
function explained(rows: readonly Row[], { row, standing }: Turn, look: Look): Decision {
  const { request, nowMs, standings } = look;
  for (const other of rows) {
    if (standings.has(other)) continue;
    standings.set(other, standingOf(other.target, request, nowMs));
  }
  const share = `weight ${row.weight} of ${sumOpen(rows, standings)}`;
  const reason = isOpen(standing) ? share : "no target is open: the one whose turn it is";
  return { mode: "by-weight", reason, candidates: candidatesOf(rows, standings) };
}

function sumOpen(rows: readonly Row[], standings: ReadonlyMap<Row, Standing>): number {
  return rows.reduce((sum, row) => sum + (isOpen(standings.get(row) ?? "ready") ? row.weight : 0), 0);
}

function candidatesOf<R extends WeightedTarget>(
  rows: readonly R[],
  standings: ReadonlyMap<R, Standing>,
): Decision["candidates"] {
  return rows.map((row) => ({
    service: row.target.service.config.name,
    model: row.target.model ?? "",
    reason: row.weight === 0 ? "weight 0" : standingReasons[standings.get(row) ?? "ready"],
  }));
}

function nothingWeighs(): GatewayError {
  return new GatewayError("no_healthy_service", {
    message: "Every target of this Model API has weight 0, so that none may be chosen.",
  });
}
