"""The course in one file: what there is to hand in, until when, and what a submission may use."""

from datetime import UTC, datetime

from autograder.model import Assignment, Course, Limits

BERT = "bert-base-uncased"
CAUSAL_LM = "HuggingFaceTB/SmolLM2-135M-Instruct"

course = Course(
    name="hf-inside",
    title="Hugging Face from the inside",
    repository="https://github.com/example/hugging-face-from-the-inside",
    assignments=(
        Assignment(
            "softmax",
            title="Next-word logits to probabilities",
            due=datetime(2027, 2, 12, 22, 0, tzinfo=UTC),
            models=(CAUSAL_LM,),
        ),
    ),
    limits=Limits(),
)
