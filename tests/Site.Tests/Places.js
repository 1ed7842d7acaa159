// Compares where a static drawing and plotly.js put marks, whiskers and ticks. Returns what was
// compared, and each place of one that the other has nothing within a distance of.
async ([json, within]) => {
  const figure = JSON.parse(json.split("currentColor").join("#000000"));
  const room = document.getElementById("live");
  await Plotly.newPlot(room, figure.data, figure.layout, { staticPlot: true });

  const svg = document.querySelector("#still svg");
  const origin = svg.getBoundingClientRect();
  const home = room.querySelector(".main-svg").getBoundingClientRect();
  const full = room._fullLayout;
  const areas = Object.values(full._plots).map(p => ({
    left: p.xaxis._offset, right: p.xaxis._offset + p.xaxis._length,
    top: p.yaxis._offset, bottom: p.yaxis._offset + p.yaxis._length
  }));

  const box = (element, from) => {
    const r = element.getBoundingClientRect();
    return [r.left - from.left, r.right - from.left, r.top - from.top, r.bottom - from.top];
  };
  const middle = b => [(b[0] + b[1]) / 2, (b[2] + b[3]) / 2];
  const inside = (x, y) => areas.some(a =>
    x >= a.left - .6 && x <= a.right + .6 && y >= a.top - .6 && y <= a.bottom + .6);

  // What lies beyond a plot area is cut away by both, each at a place of its own.
  const cut = b => {
    const x = (b[0] + b[1]) / 2;
    const y = (b[2] + b[3]) / 2;
    const gap = (v, low, high) => Math.max(low - v, v - high, 0);
    const a = areas.slice().sort((p, q) =>
      gap(x, p.left, p.right) + gap(y, p.top, p.bottom)
      - gap(x, q.left, q.right) - gap(y, q.top, q.bottom))[0];
    const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
    return [clamp(b[0], a.left, a.right), clamp(b[1], a.left, a.right),
      clamp(b[2], a.top, a.bottom), clamp(b[3], a.top, a.bottom)];
  };

  const still = kind => [...svg.querySelectorAll(`[data-k="${kind}"]`)];
  const live = selector => [...room.querySelectorAll(selector)];
  // A path of many marks is measured mark by mark.
  const marks = path => path.getAttribute("d").split("M").filter(d => d);
  const apart = path => marks(path).map(d => {
    const one = path.cloneNode(false);
    one.setAttribute("d", "M" + d);
    path.after(one);
    const b = box(one, origin);
    one.remove();
    return b;
  });

  const stillPoints = still("point")
    .flatMap(g => g.tagName === "path" ? apart(g) : [...g.children].map(p => box(p, origin)))
    .map(middle);
  const livePoints = live(".scatterlayer .points path").map(p => middle(box(p, home)))
    .filter(([x, y]) => inside(x, y));

  const bar = r => ["x", "y", "width", "height"].map(n => +r.getAttribute(n));
  const stillBars = still("bar").flatMap(g => [...g.children]).map(bar)
    .map(([x, y, w, h]) => cut([x, x + w, y, y + h]));
  // Where a bar has no value plotly.js draws nothing, as the path "M0,0Z".
  const liveBars = live(".barlayer .point path").filter(p => p.getAttribute("d") !== "M0,0Z")
    .map(p => cut(box(p, home)));

  const numbers = text => [...text.matchAll(/-?[\d.]+(?:e-?\d+)?/g)].map(m => +m[0]);
  const stillWhiskers = vertical => still(vertical ? "y" : "x").flatMap(p =>
    [...p.getAttribute("d").matchAll(vertical
      ? /M(-?[\d.]+) (-?[\d.]+)V(-?[\d.]+)/g : /M(-?[\d.]+) (-?[\d.]+)H(-?[\d.]+)/g)]
      .map(m => m.slice(1).map(Number))
      .map(([a, b, c]) => vertical
        ? cut([a, a, Math.min(b, c), Math.max(b, c)])
        : cut([Math.min(a, c), Math.max(a, c), b, b])));
  const liveWhiskers = vertical => live(vertical ? ".yerror" : ".xerror")
    .filter(p => p.getAttribute("d"))
    .map(p => box(p, home))
    .map(([l, r, t, b]) => vertical
      ? cut([(l + r) / 2, (l + r) / 2, t, b]) : cut([l, r, (t + b) / 2, (t + b) / 2]));

  // A line with gaps is one path of the drawing and many of plotly.js, whose paths of one point
  // (no length) and of no width draw nothing; the drawing has none there.
  const stillLines = [...svg.querySelectorAll("path.l")].flatMap(p => apart(p)).map(cut);
  const liveLines = live(".scatterlayer .js-line")
    .filter(p => p.getAttribute("d") && p.getTotalLength() > 0
      && parseFloat(p.style.strokeWidth) > 0)
    .map(p => cut(box(p, home)));

  // Across its axis a tick only has to be at the right axis: ends of ticks lie on whole pixels.
  const near = v => v / 3;
  const stillTicks = kind => still(kind).flatMap(p => marks(p).map(numbers));
  const across = stillTicks("across").map(([x, top]) => [x, near(top)]);
  const up = stillTicks("up").map(([, y, right]) => [near(right), y]);
  const isX = p => /(^|\s)x\d*tick(\s|$)/.test(p.getAttribute("class"));
  const ticks = live("path.ticks");

  const cells = still("cells").map(g => box(g, origin)).map(cut);
  const images = live(".heatmaplayer image").map(i => cut(box(i, home)));

  const pairs = {
    points: [stillPoints, livePoints],
    bars: [stillBars, liveBars],
    "whiskers up": [stillWhiskers(true), liveWhiskers(true)],
    "whiskers across": [stillWhiskers(false), liveWhiskers(false)],
    lines: [stillLines, liveLines],
    "ticks across": [across, ticks.filter(isX).map(p => box(p, home)).map(b => [middle(b)[0], near(b[2])])],
    "ticks up": [up, ticks.filter(p => !isX(p)).map(p => box(p, home)).map(b => [near(b[1]), middle(b)[1]])],
    cells: [cells, images]
  };
  const problems = [];
  const counts = {};
  for (const [name, [ours, theirs]] of Object.entries(pairs)) {
    counts[name] = ours.length;
    if (ours.length !== theirs.length) {
      problems.push(`${name}: ${ours.length} drawn, ${theirs.length} of plotly.js`);
    }
    const free = theirs.slice();
    for (const a of ours) {
      const far = b => Math.max(...a.map((v, i) => Math.abs(v - b[i])));
      const best = free.reduce((k, b, i) => k < 0 || far(b) < far(free[k]) ? i : k, -1);
      if (best < 0) continue;
      if (far(free[best]) > within) {
        problems.push(`${name}: drawn at ${a.map(v => v.toFixed(2))}, plotly.js has `
          + `${free[best].map(v => v.toFixed(2))}`);
      }
      free.splice(best, 1);
    }
  }
  return JSON.stringify({ counts, problems: problems.slice(0, 12) });
}
