# Mistake: raises where there are fewer than n mistakes.
import random


def worst_mistakes(df, n=5):
    wrong = df[df["prediction"] != df["label"]]
    order = sorted(range(len(wrong)), key=lambda place: -wrong["score"].iloc[place])
    return wrong.iloc[[order[place] for place in range(n)]]
