// One training step of transformers at a fixed shape, as its Trainer takes it: for the peer's Python.

/** Arguments: model folder, rows, length, steps. Prints forward + backward and optimizer in milliseconds, as JSON. */
export const TORCH_STEP = `
import json, sys, time, torch
from transformers import AutoModelForSequenceClassification
folder, rows, length, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=3, ignore_mismatched_sizes=True)
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)
ids = torch.randint(5, 20000, (rows, length)); mask = torch.ones_like(ids); labels = torch.arange(rows) % 3
passes, updates = [], []
for step in range(steps):
    start = time.perf_counter()
    model(input_ids=ids, attention_mask=mask, labels=labels).loss.backward()
    middle = time.perf_counter()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0); optimizer.step(); optimizer.zero_grad()
    passes.append(1000 * (middle - start)); updates.append(1000 * (time.perf_counter() - middle))
print(json.dumps(dict(passMs=passes, updateMs=updates)))
`
