"""Logits of a model folder in transformers: arguments are the folder and a JSON list of token ids."""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, logging

logging.set_verbosity_error()
folder, ids = sys.argv[1], json.loads(sys.argv[2])
model, report = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
model.eval()
with torch.no_grad():
    logits = model(torch.tensor([ids])).logits[0]
tokenizer = AutoTokenizer.from_pretrained(folder)
print(
    json.dumps(
        {
            "class": type(model).__name__,
            "loading": {key: sorted(map(str, report[key])) for key in ("missing_keys", "unexpected_keys", "mismatched_keys")},
            "tokens": tokenizer("Once upon a time", add_special_tokens=False)["input_ids"],
            "logits": logits.tolist(),
        }
    )
)
