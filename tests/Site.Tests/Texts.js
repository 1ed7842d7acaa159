// Looks at the texts of the drawings, wide and narrow, and at the axes of plotly.js: none may reach
// beyond its picture, and no tick may lack the zero before its point. Returns what does.
async ([json]) => {
  const figure = JSON.parse(json.split("currentColor").join("#000000"));
  const room = document.getElementById("live");
  await Plotly.newPlot(room, figure.data, figure.layout, { staticPlot: true });
  const problems = [];

  const look = (what, picture, texts) => {
    const frame = picture.getBoundingClientRect();

    for (const text of texts) {
      const words = text.textContent;
      const r = text.getBoundingClientRect();
      if (!words || !r.width) continue;
      const beyond = Math.max(frame.left - r.left, r.right - frame.right,
        frame.top - r.top, r.bottom - frame.bottom);
      // A line box is taller than its letters.
      if (beyond > 2.5) problems.push(`${what}: "${words}" is cut by ${beyond.toFixed(1)} px`);
      if (/^[-\u2212]?\.\d/.test(words)) problems.push(`${what}: "${words}" lacks its zero`);
    }
  };

  for (const id of ["still", "narrow"]) {
    const svg = document.querySelector(`#${id} svg`);
    look(id, svg, svg.querySelectorAll("text"));
  }

  look("plotly.js", room.querySelector(".main-svg"),
    room.querySelectorAll(".xtick text, .ytick text, .xtitle, .ytitle, .gtitle"));
  return JSON.stringify(problems.slice(0, 12));
}
