"""The course in one file: what there is to hand in, until when, and what a submission may use."""

from datetime import UTC, datetime

from autograder.model import Assignment, Course, Limits

BERT = "bert-base-uncased"
GPT2 = "gpt2"
ENCODER = "sentence-transformers/all-MiniLM-L6-v2"
CAUSAL_LM = "HuggingFaceTB/SmolLM2-135M-Instruct"
CLASSIFIER = "hf-inside/reviews-sentiment"
DIGITS = "hf-inside/digits-ddim"
TINY_PAINTER = "hf-inside/tiny-stable-diffusion"

course = Course(
    name="hf-inside",
    title="Hugging Face from the inside",
    repository="https://github.com/example/hugging-face-from-the-inside",
    assignments=(
        Assignment(
            "tokenization",
            title="Text to tokens, ids and vectors",
            due=datetime(2027, 2, 5, 22, 0, tzinfo=UTC),
            models=(BERT, GPT2, ENCODER),
        ),
        Assignment(
            "softmax",
            title="Next-word logits to probabilities",
            due=datetime(2027, 2, 12, 22, 0, tzinfo=UTC),
            models=(CAUSAL_LM,),
        ),
        Assignment(
            "sampling",
            title="Temperature, top-k, top-p",
            due=datetime(2027, 2, 19, 22, 0, tzinfo=UTC),
            models=(CAUSAL_LM,),
        ),
        Assignment(
            "sentiment",
            title="A classifier on a real data set",
            due=datetime(2027, 2, 26, 22, 0, tzinfo=UTC),
            models=(CLASSIFIER,),
            preload=("sklearn.metrics",),
        ),
        Assignment(
            "diffusion",
            title="Pictures out of noise",
            due=datetime(2027, 3, 5, 22, 0, tzinfo=UTC),
            models=(DIGITS, TINY_PAINTER),
            bonus=True,
        ),
    ),
    limits=Limits(),
)
