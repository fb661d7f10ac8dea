// The Way from top to bottom, for a phone: in at the left, out at the right. Pure; 18 px are all that arrived.
import type { WayPicture } from "./way-picture.ts";
import {
  round,
  stacked,
  threadWidth,
  total,
  widthOf,
  type Box,
  type ColouredLine,
  type Line,
  type WayLayout,
} from "./way-shapes.ts";

const radius = 26;
const full = 18;
const axis = 32;
const pitch = 80;
const inset = 66;

export function tallLayout(picture: WayPicture, width: number): WayLayout {
  const { arrived } = picture;
  const gates = picture.gates.map((_, index) => ({ x: axis, y: 34 + index * pitch }));
  const selectY = gates.at(-1)?.y ?? 34;
  const place = (y: number, h: number): Box => ({ x: inset, y, w: width - inset * 2, h });
  const targets = picture.targets.map((_, index) => place(selectY + 43 + index * 56, 46));
  const bottom = Math.max(selectY, ...targets.map(({ y, h }) => y + h));
  const failing = picture.targets.some(({ failed }) => failed > 0);
  const fallbacks = picture.fallbacks.map((_, index) => place(bottom + 25 + index * 54, 44));
  const lost = failing && fallbacks.length === 0 ? { x: width - 104, y: bottom + 22 } : null;
  const end = fallbacks.at(-1);
  const reply = {
    x: width - axis,
    y: end === undefined ? bottom + (lost === null ? 50 : 74) : end.y + end.h + 50,
  };
  const flow = flowOf(picture, targets, selectY, reply);
  const first = widthOf(arrived, arrived, full);
  return {
    form: "tall",
    width,
    height: reply.y + 60,
    radius,
    gap: pitch,
    gates,
    reply,
    walls: wallsOf(picture, gates, reply, width),
    bands: [
      { d: `M${axis} 0V${gates[0]?.y ?? 0}`, width: first },
      ...gates.slice(1).map((gate, index) => ({
        d: `M${axis} ${gate.y - pitch}V${gate.y}`,
        width: widthOf(picture.gates[index]?.passed ?? null, arrived, full),
      })),
      {
        d: `M${reply.x} ${reply.y}v60`,
        width: widthOf(picture.reply?.answered ?? null, arrived, full),
      },
    ],
    splits: flow.splits,
    joins: flow.joins,
    fails: failsOf(picture, targets, fallbacks, lost),
    lost,
    returns: returnsOf(picture, fallbacks, reply),
    threads: [],
    targets,
    fallbacks,
    sentOn: fallbacks.length > 0 && picture.sentOn > 0 ? { x: inset + 14, y: bottom + 3 } : null,
    dots: picture.targets.flatMap((target, index) => {
      const box = targets[index];
      if (box === undefined) return [];
      const y = box.y + box.h / 2;
      const into = `V${y - 14}Q${axis} ${y} ${box.x} ${y}`;
      const out = `H${box.x + box.w}Q${reply.x} ${y} ${reply.x} ${y + 14}V${reply.y + 60}`;
      return [{ d: `M${axis} 0${into}${out}`, weight: target.served }];
    }),
  };
}

function flowOf(
  picture: WayPicture,
  targets: readonly Box[],
  selectY: number,
  reply: { readonly x: number; readonly y: number },
): { readonly splits: ColouredLine[]; readonly joins: ColouredLine[] } {
  const { arrived } = picture;
  const out = picture.targets.map(({ chosen }) => widthOf(chosen, arrived, full));
  const back = picture.targets.map(({ chosen, served }) =>
    widthOf(chosen === null ? null : served, arrived, full),
  );
  const outX = stacked(out, axis - total(out) / 2);
  const backX = stacked(back, reply.x + total(back) / 2, -1);
  const splits = targets.flatMap((box, index) => {
    const target = picture.targets[index];
    const x = outX[index] ?? axis;
    const y = box.y + box.h / 2;
    if (target === undefined || target.chosen === 0) return [];
    return [
      {
        d: `M${x} ${selectY}V${y - 14}q0 14 ${round(box.x - x)} 14`,
        width: out[index] ?? 0,
        colour: target.colour,
      },
    ];
  });
  const joins = targets.flatMap((box, index) => {
    const target = picture.targets[index];
    const x = backX[index] ?? reply.x;
    const y = box.y + box.h / 2;
    if (target === undefined || (target.chosen !== null && target.served === 0)) return [];
    return [
      {
        d: `M${box.x + box.w} ${y}Q${x} ${y} ${x} ${y + 14}V${reply.y}`,
        width: back[index] ?? 0,
        colour: target.colour,
      },
    ];
  });
  return { splits, joins };
}

function failsOf(
  picture: WayPicture,
  targets: readonly Box[],
  fallbacks: readonly Box[],
  lost: { readonly y: number } | null,
): Line[] {
  const end = fallbacks[0]?.y ?? lost?.y;
  if (end === undefined) return [];
  const failing = picture.targets.flatMap(({ failed }, index) => {
    const box = targets[index];
    return failed === 0 || box === undefined ? [] : [{ failed, box }];
  });
  const largest = Math.max(0, ...failing.map(({ failed }) => failed));
  const down = failing.map(({ failed, box }, index) => ({
    d: `M${round(box.x + box.w - 46 + index * 8)} ${box.y + box.h}V${end}`,
    width: threadWidth(failed, largest, 1.2, 3),
  }));
  const onward = fallbacks.slice(1).flatMap((box, index) => {
    const failed = picture.fallbacks[index]?.failed ?? 0;
    return failed === 0 ? [] : [{ d: `M${box.x + box.w - 38} ${box.y - 10}v10`, width: 1.3 }];
  });
  return [...down, ...onward];
}

function returnsOf(
  picture: WayPicture,
  fallbacks: readonly Box[],
  reply: { readonly x: number; readonly y: number },
): Line[] {
  const largest = Math.max(0, ...picture.fallbacks.map(({ served }) => served));
  return fallbacks.flatMap((box, index) => {
    const served = picture.fallbacks[index]?.served ?? 0;
    const y = box.y + box.h / 2;
    const x = round(reply.x - 8.4 + index * 3);
    if (served === 0) return [];
    return [
      {
        d: `M${box.x + box.w} ${y}Q${x} ${y} ${x} ${y + 16}V${reply.y}`,
        width: threadWidth(served, largest, 1.3, 2.4),
      },
    ];
  });
}

function wallsOf(
  picture: WayPicture,
  gates: readonly { readonly y: number }[],
  reply: { readonly x: number; readonly y: number },
  width: number,
): string {
  const walls = gates.flatMap(({ y }, index) =>
    picture.gates[index]?.on === true ? [`M0 ${y}h3M61 ${y}H${width}`] : [],
  );
  return `${walls.join("")}M0 ${reply.y}H${reply.x - 29}M${reply.x + 29} ${reply.y}H${width}`;
}
