// The shapes of the Way as SVG: bands, walls, gates, threads, and the dots of what runs now. Knows no words.
import { gatePath } from "../../ui/gate.tsx";
import type { WayPicture } from "./way-picture.ts";
import type { WayLayout } from "./way-shapes.ts";
import classes from "./way.module.css";

/** Chart colour of a target, by its place. */
export function colourOf(index: number): string {
  return index < 0 ? "var(--mg-rest)" : `var(--mg-c${(index % 8) + 1})`;
}

/** @param name the picture as a sentence @param dots how many run along it now */
export function WayDrawing({
  layout,
  picture,
  name,
  dots,
}: {
  readonly layout: WayLayout;
  readonly picture: WayPicture;
  readonly name: string;
  readonly dots: number;
}) {
  const { width, height, radius, gates, reply } = layout;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={name}>
      <g
        fill="none"
        stroke={picture.arrived === null ? "var(--mg-pond-line)" : "var(--mg-pond)"}
        opacity={picture.arrived === null ? 1 : 0.16}
      >
        {layout.bands.map(({ d, width: thick }) => (
          <path key={d} d={d} strokeWidth={thick} />
        ))}
      </g>
      <g fill="none" opacity=".42">
        {[...layout.splits, ...layout.joins].map(({ d, width: thick, colour }) => (
          <path key={d} d={d} strokeWidth={thick} stroke={colourOf(colour)} />
        ))}
      </g>
      <g fill="none" stroke="var(--mg-ink-3)">
        {layout.fails.map(({ d, width: thick }) => (
          <path key={d} d={d} strokeWidth={thick} />
        ))}
        {layout.returns.map(({ d, width: thick }) => (
          <path key={d} d={d} strokeWidth={thick} strokeDasharray="6 3" />
        ))}
      </g>
      {layout.lost !== null && <circle cx={layout.lost.x} cy={layout.lost.y} r="3" fill="var(--mg-bad)" />}
      <path d={layout.walls} stroke="var(--mg-line)" strokeWidth="1.5" />
      {gates.map(({ x, y }, index) =>
        picture.gates[index]?.on === true ? (
          <path
            key={picture.gates[index].step}
            fill="var(--mg-pond)"
            fillRule="evenodd"
            d={gatePath(x, y, radius)}
          />
        ) : (
          <circle
            key={picture.gates[index]?.step}
            cx={x}
            cy={y}
            r={radius - 1}
            fill="none"
            stroke="var(--mg-control)"
            strokeWidth="1.3"
            strokeDasharray="3 3.2"
          />
        ),
      )}
      <path fill="var(--mg-pond)" fillRule="evenodd" d={gatePath(reply.x, reply.y, radius)} />
      {layout.threads.map(({ gate, d, width: thick, end }) => (
        <g key={gate}>
          <path d={d} fill="none" stroke="var(--mg-bad)" strokeWidth={thick} opacity=".55" />
          <circle cx={end.x} cy={end.y} r="3" fill="var(--mg-bad)" />
        </g>
      ))}
      <Dots layout={layout} count={dots} />
    </svg>
  );
}

const crossingSeconds = 7;

/** One dot for each request of the moment; they take the targets by their shares, and stand still for nobody. */
function Dots({ layout, count }: { readonly layout: WayLayout; readonly count: number }) {
  const sum = layout.dots.reduce((total, { weight }) => total + weight, 0);
  return Array.from({ length: count }, (_, index) => {
    // Spread over the shares like the spokes of a wheel: the golden ratio never falls into step with them.
    let at = ((index * 0.618 + 0.31) % 1) * sum;
    const path = layout.dots.find(({ weight }) => (at -= weight) < 0) ?? layout.dots[0];
    if (path === undefined) return null;
    return (
      <circle
        key={index}
        className={classes["dot"]}
        r="2.6"
        fill="var(--mg-moon)"
        style={{
          offsetPath: `path("${path.d}")`,
          animationDuration: `${crossingSeconds}s`,
          animationDelay: `${((-crossingSeconds * index) / count).toFixed(2)}s`,
          transform: `translateY(${((index * 7) % 5) - 2}px)`,
        }}
      />
    );
  });
}

const mostDots = 12;

/** How many requests are on the way at once at a rate, as far as it can be drawn. */
export function dotsAt(rate: number): number {
  return rate <= 0 ? 0 : Math.min(mostDots, Math.max(1, Math.round(rate * crossingSeconds)));
}
