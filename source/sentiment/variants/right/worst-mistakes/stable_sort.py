# A stable sort of the mistakes.
def worst_mistakes(df, n=5):
    mistakes = df[df.prediction != df.label]
    return mistakes.sort_values(by="score", ascending=False, kind="mergesort")[:n]
