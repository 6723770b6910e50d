// Goals are put in order by dragging their handles. The buttons beside them do the same, and work without this.

document.documentElement.dataset.drag = "";

const orderOf = (form) => [...form.querySelectorAll("[data-goal]")].map((goal) => goal.dataset.goal).join(",");

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  const form = handle?.closest("[data-goals]");
  if (!form) return;
  event.preventDefault();
  const goal = handle.closest("[data-goal]");
  const before = orderOf(form);
  goal.classList.add("lw-goals__goal--dragged");

  const move = ({ clientY }) => {
    const others = [...form.querySelectorAll("[data-goal]")].filter((other) => other !== goal);
    const next = others.find((other) => {
      const box = other.getBoundingClientRect();
      return clientY < box.top + box.height / 2;
    });
    if (next !== (goal.nextElementSibling ?? undefined)) goal.parentElement.insertBefore(goal, next ?? null);
  };
  const drop = () => {
    for (const name of ["pointerup", "pointercancel"]) document.removeEventListener(name, drop);
    document.removeEventListener("pointermove", move);
    goal.classList.remove("lw-goals__goal--dragged");
    if (orderOf(form) !== before) send(form);
  };
  // On the document: an element that is moved about loses the pointer.
  document.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, drop);
});

function send(form) {
  const order = Object.assign(document.createElement("input"), { type: "hidden", name: "order", value: orderOf(form) });
  form.append(order);
  form.requestSubmit();
  order.remove();
}
