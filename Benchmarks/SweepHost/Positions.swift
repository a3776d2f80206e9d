/// Thirteen positions: with the three shipped gates, a pipeline has sixteen.
enum Positions {
    enum A: PipelinePosition { static let letter: Character = "a" }
    enum B: PipelinePosition { static let letter: Character = "b" }
    enum C: PipelinePosition { static let letter: Character = "c" }
    enum D: PipelinePosition { static let letter: Character = "d" }
    enum E: PipelinePosition { static let letter: Character = "e" }
    enum F: PipelinePosition { static let letter: Character = "f" }
    enum G: PipelinePosition { static let letter: Character = "g" }
    enum H: PipelinePosition { static let letter: Character = "h" }
    enum I: PipelinePosition { static let letter: Character = "i" }
    enum J: PipelinePosition { static let letter: Character = "j" }
    enum K: PipelinePosition { static let letter: Character = "k" }
    enum L: PipelinePosition { static let letter: Character = "l" }
    enum M: PipelinePosition { static let letter: Character = "m" }
}
