(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("hover-data").textContent);
  var tip = document.getElementById("tip");
  var cross = null;

  function line(label, value) {
    var row = document.createElement("span");
    row.appendChild(document.createTextNode(label));
    var shown = document.createElement("i");
    shown.style.fontStyle = "normal";
    shown.textContent = value;
    row.appendChild(shown);
    return row;
  }

  function written(value, digits, unit) {
    if (value === null) return "–";
    var text = Math.abs(value).toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    var sign = value < 0 ? "−" : unit === "+" && value > 0 ? "+" : "";
    return sign + text + (unit === "%" ? " %" : "");
  }

  function leave() {
    tip.hidden = true;
    if (cross) cross.remove();
    cross = null;
  }

  function move(event) {
    var svg = event.currentTarget, chart = data[svg.dataset.chart], box = svg.getBoundingClientRect();
    var scale = svg.viewBox.baseVal.width / box.width, x = (event.clientX - box.left) * scale;
    var count = chart.labels.length, step = (chart.to - chart.from) / count;
    var k = Math.floor((x - chart.from) / step);
    if (k < 0 || k >= count) return leave();
    tip.textContent = "";
    var head = document.createElement("b");
    head.textContent = chart.labels[k];
    tip.appendChild(head);
    chart.series.forEach(function (s) {
      tip.appendChild(line(s[0], written(s[1][k], s[2], s[3])));
    });
    tip.hidden = false;
    var left = event.clientX + 16;
    if (left + tip.offsetWidth > window.innerWidth - 8) left = event.clientX - tip.offsetWidth - 16;
    tip.style.left = Math.max(4, left) + "px";
    tip.style.top = Math.max(4, Math.min(event.clientY + 12, window.innerHeight - tip.offsetHeight - 8)) + "px";
    if (!cross || cross.parentNode !== svg) {
      if (cross) cross.remove();
      cross = document.createElementNS(svg.namespaceURI, "line");
      cross.setAttribute("class", "cross");
      svg.appendChild(cross);
    }
    var at = chart.from + (k + 0.5) * step;
    cross.setAttribute("x1", at);
    cross.setAttribute("x2", at);
    cross.setAttribute("y1", 4);
    cross.setAttribute("y2", svg.viewBox.baseVal.height - 18);
  }

  document.querySelectorAll("svg[data-chart]").forEach(function (svg) {
    svg.addEventListener("pointermove", move);
    svg.addEventListener("pointerleave", leave);
  });

  var who = document.getElementById("who");
  if (who) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("#grid tbody tr"));
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var shown = document.getElementById("who-count");
    who.closest("p").hidden = false;
    who.addEventListener("input", function () {
      var wanted = who.value.trim().toLowerCase(), left = 0;
      rows.forEach(function (row, k) {
        var keep = texts[k].indexOf(wanted) >= 0;
        row.hidden = !keep;
        if (keep) left += 1;
      });
      shown.textContent = wanted ? left + " of " + rows.length + " people" : "";
    });
  }

  var opened = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details[data-print]:not([open])").forEach(function (part) {
      part.open = true;
      opened.push(part);
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
    opened = [];
  });
})();
