# An extra column with the place as the second key, dropped again.
def worst_mistakes(df, n=5):
    numbered = df.assign(place_=range(len(df)))
    numbered = numbered.loc[numbered["label"].ne(numbered["prediction"])]
    numbered = numbered.sort_values(["score", "place_"], ascending=[False, True])
    return numbered.drop(columns="place_").head(n)
