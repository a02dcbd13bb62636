/**
 * What a Python with torch and transformers is given to run: one request a line on standard input, one answer a line on
 * standard output. Logits are float32, little-endian, in base64.
 */
export const transformersScript = `
import base64, json, os, sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what libraries print must not stand among the answers

import torch, transformers

torch.set_num_threads(int(sys.argv[1]))
loaded = {}


def load(path):
    model, report = transformers.AutoModelForCausalLM.from_pretrained(path, output_loading_info=True)
    strays = {key: sorted(map(str, report[key])) for key in ("missing_keys", "unexpected_keys", "mismatched_keys")}
    if any(strays.values()):
        raise ValueError(f"tensors do not fit: {strays}")
    loaded["model"] = model.float().eval()
    loaded["tokenizer"] = transformers.AutoTokenizer.from_pretrained(path)
    return type(model).__name__


def tokenize(text):
    return loaded["tokenizer"](text, add_special_tokens=False)["input_ids"]


def logits(ids, positions):
    with torch.inference_mode():
        rows = loaded["model"](torch.tensor([ids])).logits[0]
    return [base64.b64encode(rows[at].numpy().astype("<f4").tobytes()).decode() for at in positions]


def say(answer):
    answers.write(json.dumps(answer) + "\\n")
    answers.flush()


say({"result": transformers.__version__})
for line in sys.stdin:
    request = json.loads(line)
    try:
        call = {"load": load, "tokenize": tokenize, "logits": logits}[request["call"]]
        say({"result": call(*request["arguments"])})
    except Exception as error:
        say({"error": f"{type(error).__name__}: {error}"})
`;
