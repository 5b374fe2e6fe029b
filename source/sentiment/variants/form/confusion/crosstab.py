# Form: pandas' cross table gives NumPy integers for Python ints.
def confusion(labels, predictions):
    table = pd.crosstab(pd.Series(list(map(int, labels))), pd.Series(list(map(int, predictions))))
    table = table.reindex(index=[0, 1], columns=[0, 1], fill_value=0)
    return {"tn": table.loc[0, 0], "fp": table.loc[0, 1], "fn": table.loc[1, 0], "tp": table.loc[1, 1]}
